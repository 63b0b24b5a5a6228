"""Guesses at what a clerk would type: topic, genre, summary, keywords. Pure; each is offered, none is taken for granted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from gongkai.publication.vocab import GENRES, TOPICS

#: Words that speak for a topic, in the order of ``TOPICS``; the topic's own words count with them.
_WORDS: Final = (
    "机构设置 职能配置 机构改革", "政务 政府信息 依法行政 公文 电子政务 应急 档案 督查 简政放权 行政审批 营商环境 工作规则 值班",
    "国民经济 发展规划 国有资产 统计 价格 收费 重大项目 固定资产 体制改革", "财政 预算 决算 税 金融 审计 债务 资金管理 补贴资金 保险 银行",
    "土地 矿产 能源 用地 征收 耕地 测绘 不动产 电力 煤炭 国土空间", "农业 林业 水利 农村 农民 粮食 种植 畜牧 防汛 抗旱 灌溉 乡村振兴 河长 草原 渔业",
    "工业 交通 公路 运输 企业 信息化 园区 通信 物流 停车", "商务 贸易 旅游 海关 消费 招商 市场流通 电子商务 外资", "市场监管 安全生产 食品 药品 质量 知识产权 特种设备 消防",
    "城乡建设 环境 住房 城市管理 污染 生态 物业 供热 供水 燃气 垃圾 房屋 绿化 市政 棚户区", "科技 教育 学校 招生 入学 教师 幼儿园 学生 义务教育 考试 科学",
    "文化 广播 电视 新闻 出版 文物 图书馆 非物质文化遗产", "卫生 体育 医疗 医院 疾病 健康 疫情 公共卫生 健身 医保 疫苗",
    "人口 生育 妇女 儿童 未成年人 托育", "就业 劳动 人事 社会保险 工资 招聘 培训 职称 监察 养老保险 失业 公务员", "公安 司法 法律 治安 户籍 道路安全 普法 行政复议 禁毒 国家安全",
    "民政 救助 低保 养老 救灾 残疾人 殡葬 慈善 扶贫 社会组织 优抚 特困 退役军人", "民族 宗教 少数民族", "外事 对外 国际 友好城市", "港澳 台湾 侨务 华侨", "国防 兵役 征兵 人民防空 双拥", "",
)  # fmt: skip
_FORMS: Final = {"命令": "命令（令）", "令": "命令（令）", "办法": "", "会议纪要": "纪要"}
_ENDING = re.compile(r"(?:（[^（）]{1,12}）|\([^()]{1,12}\)|〔[^〕]{1,12}〕)$")
_STOP: Final = frozenset(
    [
        "关于",
        "通知",
        "意见",
        "决定",
        "公告",
        "通告",
        "通报",
        "办法",
        "方案",
        "印发",
        "转发",
        "工作",
        "有关",
        "进行",
        "进一步",
        "实施",
        "管理",
        "规定",
        "以及",
        "等",
        "及",
        "和",
        "的",
        "了",
        "在",
        "对",
        "为",
        "与",
        "做好",
        "加强",
        "开展",
        "我区",
        "我县",
        "我市",
        "各",
        "人民政府",
        "办公室",
        "单位",
        "部门",
        "全区",
        "全县",
        "全市",
        "情况",
        "事项",
        "问题",
        "年度",
        "现将",
        "如下",
        "你们",
        "认真",
        "贯彻执行",
        "结合",
        "实际",
        "请",
        "根据",
        "按照",
        "本",
        "一",
        "二",
        "三",
        "第",
        "条",
        "应当",
    ]
)
_SKIP = re.compile(r"^(?:附件|抄送|主送|索引号|发文字号|各|签发|编号|第[一二三四五六七八九十]+[章条])|[:：]$")


def genre_of(title: str) -> str:
    """One of the fifteen genres, by the ending of the title; "" when none fits."""
    title = _ENDING.sub("", title.strip())
    for genre in sorted((*GENRES, *_FORMS), key=len, reverse=True):
        if title.endswith(genre):
            return _FORMS.get(genre, genre)
    return ""


@cache
def _lexicon() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (topic, tuple(dict.fromkeys([*words.split(), *topic.split("、")])))
        for topic, words in zip(TOPICS, _WORDS, strict=True)
    )


def topic_of(title: str, text: str = "") -> tuple[str, list[str]]:
    """(topic, the words that speak for it). A word of the title counts as five of the text. ("", []) when nothing speaks."""
    best: tuple[int, str, list[str]] = (0, "", [])
    for topic, words in _lexicon():
        found = [(5 * title.count(w) + min(text.count(w), 4), w) for w in words if w]
        score = sum(n for n, _ in found)
        if score > best[0]:
            best = (score, topic, [w for n, w in sorted(found, reverse=True) if n][:3])
    return (best[1], best[2]) if best[0] >= 3 else ("", [])


def summary_of(paragraphs: Sequence[str], most: int = 180) -> tuple[str, int]:
    """(summary, which paragraph): the first sentences that say something; ("", -1) when there are none."""
    for n, paragraph in enumerate(paragraphs):
        text = paragraph.strip()
        if len(text) < 25 or _SKIP.search(text):
            continue
        out = ""
        for sentence in re.findall(r"[^。！？]+[。！？]?", text):
            if out and len(out) + len(sentence) > most:
                break
            out += sentence
        return (out if len(out) <= most else out[: most - 1] + "…"), n
    return "", -1


def keywords_of(title: str, text: str, count: int = 5) -> list[str]:
    """Words of the title that the text takes up, the most frequent first."""
    import rjieba

    names = [w for w in rjieba.cut(title) if len(w) > 1 and w not in _STOP and not re.search(r"[\d\W]", w)]
    weights = Counter({w: text.count(w) + 1 for w in names})
    return [w for w, _ in weights.most_common(count)]
