"""The words that sentences about the tables are made of, and the one compiled scanner over them.

Everything here is data: a new wording is a new entry. A term has a class (what it does in a clause) and a value (which
one it is). Matching is by longest term, left to right, through one trie-shaped expression, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from .numbers import NOT_COUNT, NUMBER


class Word(StrEnum):
    """What a term does in a clause."""

    TOPIC = "topic"
    ACT = "act"
    COLUMN = "column"
    YEAR = "year"  # relative: 上年, 本年, or a span that is no single year
    COMPARE = "compare"  # 与…相比
    TREND = "trend"  # 增长, 减少
    AMONG = "among"  # 其中
    EACH = "each"  # 分别
    SUM = "sum"  # 共计
    NOT = "not"
    EVERY = "every"  # 均、全部
    RATE = "rate"
    SHARE = "share"  # 占
    SCOPE = "scope"
    AIM = "aim"  # 确保、力争: not a statement of fact
    FOREIGN = "foreign"  # a noun that makes the number something else
    SUBSET = "subset"  # 涉及…的: only some of them
    PLAIN = "plain"  # understood, without effect


_RAW: Mapping[Word, Mapping[str, str]] = {
    Word.TOPIC: {
        "application!": "政府信息公开申请 政府信息公开的申请 信息公开申请 政务公开申请 依申请公开 依申请政府信息公开 依申请信息公开 依申请公开申请 "
        "申请政府信息公开 申请公开政府信息 申请信息公开 申请公开 公开申请 申请公开件 申请政府信息公开件 信息公开依申请 依申请公开件 依申请件 "
        "政府信息依申请公开",
        "application": "申请 申请件 申请事项 申请数 申请量 公开件 申请书 申请表",
        "reconsideration": "行政复议 复议 行政复议申请 复议申请 行政复议案件 复议案件 被申请行政复议 被申请复议 被复议",
        "suit": "行政诉讼 诉讼 行政诉讼案件 诉讼案件 被提起行政诉讼 提起行政诉讼 被诉 起诉 行政诉讼申请",
        "suit_direct": "未经复议直接起诉 未经复议直接提起行政诉讼 未经复议直接提起诉讼 未经行政复议直接起诉 直接起诉 直接提起行政诉讼 直接提起诉讼 "
        "未经复议直接起诉的行政诉讼 未经复议直接起诉案件",
        "suit_after": "复议后起诉 复议后提起行政诉讼 复议后提起诉讼 经复议后起诉 行政复议后起诉 行政复议后提起行政诉讼 复议后起诉案件",
        "normative": "行政规范性文件 规范性文件",
        "rules": "政府规章 规章",
        "licence": "行政许可 行政许可决定 行政许可处理决定 行政许可案件",
        "penalty": "行政处罚 行政处罚决定 行政处罚处理决定 行政处罚案件",
        "coercion": "行政强制 行政强制措施 行政强制执行 行政强制决定 行政强制处理决定 行政强制案件",
        "fee": "行政事业性收费 行政事业性收费金额 行政事业性收费收入",
        "processing": "信息处理费 政府信息公开信息处理费 信息公开处理费 信息公开信息处理费 政府信息处理费 公开处理费 依申请公开收费 信息公开收费 "
        "政府信息公开收费 信息处理费用 政府信息公开处理费 信息公开费用",
        "charge": "费用 任何费用 相关费用 收费",
    },
    Word.ACT: {
        "new": "新收 新收到 新接收 新受理 新登记 本年新收 本年新收到 本年度新收 本年度新收到 当年新收 新接到 新增受理 新增收到",
        "added": "新增 新增加 新发生 新发",
        "received": "收到 接到 接收 收件 受理 登记 接办 收取到 接受 收到并受理 共收 受理量 收到量 接件",
        "handle": "办理 处理 处置 办理量",
        "done": "办结 答复 回复 办理完毕 处理完毕 办理完结 处理完结 完成答复 作出答复 做出答复 予以答复 给予答复 已办理 已处理 办毕 审结 结案 "
        "办理答复 答复办结 答复处理 完成办理 办结答复 处理答复 办理并答复",
        "granted": "予以公开 同意公开 准予公开 予以全部公开 全部予以公开 给予公开 决定公开 全部公开",
        "partial": "部分公开 予以部分公开 部分予以公开 区分处理 决定部分公开",
        "refused": "不予公开 决定不予公开 不予以公开",
        "unavailable": "无法提供",
        "declined": "不予处理",
        "otherwise": "其他处理 其它处理 其他方式处理",
        "refused_secret": "属于国家秘密 国家秘密 涉及国家秘密",
        "refused_law": "其他法律行政法规禁止公开 法律行政法规禁止公开 法律、行政法规禁止公开 其他法律、行政法规禁止公开",
        "refused_safety": "三安全一稳定 危及三安全一稳定 危及“三安全一稳定” “三安全一稳定”",
        "refused_third_party": "保护第三方合法权益 第三方合法权益 涉及第三方合法权益",
        "refused_internal": "三类内部事务信息 属于三类内部事务信息 内部事务信息 三类内部事务",
        "refused_process": "四类过程性信息 属于四类过程性信息 过程性信息 四类过程性",
        "refused_enforcement": "行政执法案卷 属于行政执法案卷 行政执法案卷信息 属于行政执法案卷信息",
        "refused_query": "行政查询事项 属于行政查询事项",
        "unavailable_not_held": "本机关不掌握相关政府信息 不掌握相关政府信息 本机关不掌握 不掌握 不掌握相关信息 本机关不掌握相关信息 本机关不掌握政府信息",
        "unavailable_needs_making": "没有现成信息需要另行制作 没有现成信息 需要另行制作 需另行制作 无现成信息",
        "unavailable_unclear": "补正后申请内容仍不明确 补正后仍不明确 补正后申请内容不明确",
        "part_not_held": "信息不存在 政府信息不存在 非本机关负责公开 不属于本机关负责公开 非本机关公开 不存在",
        "declined_petition": "信访举报投诉类申请 信访举报投诉类 信访、举报、投诉类申请 信访类申请 信访投诉举报类",
        "declined_repeat": "重复申请",
        "declined_publication": "要求提供公开出版物 公开出版物",
        "declined_excessive": "无正当理由大量反复申请 大量反复申请",
        "declined_confirm": "要求行政机关确认或重新出具已获取信息 确认或重新出具已获取信息",
        "other_uncorrected": "逾期不补正 无正当理由逾期不补正 申请人无正当理由逾期不补正 逾期未补正",
        "other_unpaid": "逾期未按收费通知要求缴纳费用 申请人逾期未按收费通知要求缴纳费用 逾期未缴费 逾期未缴纳费用",
        "part_withdrawn": "撤回申请 撤销申请 主动撤回 撤回",
        "issued": "制发 制定 出台 制定出台 出台印发 制定印发 印发 制定发布 新制定 新出台 新制发 新印发 制定并发布 新制 新增出台 新出台发布",
        "repealed": "废止 宣布失效 废止失效 宣布废止 废止或失效 废止和宣布失效 失效",
        "valid": "现行有效 保有量 继续有效 有效 现行 继续保留 现存有效 现有有效",
        "publish": "公开 主动公开 发布 公布 公示 集中公开 公开发布",
        "decided": "作出 做出 实施 决定 处理决定 作出处理决定",
        "amount": "收费金额 收取 征收 收缴 收入 收取金额 收费总额 收费",
        "upheld": "维持 结果维持 予以维持 维持原行政行为 被维持",
        "corrected": "纠正 结果纠正 被纠正 予以纠正 纠错 被纠错 撤销 被撤销 确认违法 责令重新答复 责令重新作出答复 责令履行 败诉",
        "other_result": "其他结果 其它结果",
        "pending": "尚未审结 未审结 正在审理 尚在审理 审理中 正在审理中 未结 尚未结案 未结案 待审结",
        "won": "胜诉",
        "dismissed": "驳回 驳回起诉 驳回申请 驳回复议申请 驳回诉讼请求 驳回行政复议请求 终止 撤诉 调解",
    },
    Word.COLUMN: {
        "natural": "自然人 公民 自然人申请 公民个人 公民申请 个人申请",
        "organisation": "法人或其他组织 法人和其他组织 法人及其他组织 法人、其他组织 法人或者其他组织 法人与其他组织 法人和其他组织申请 法人或其他组织申请",
        "legal_person": "法人 其他组织 法人组织",
        "business": "商业企业 企业 公司企业",
        "research": "科研机构 科研单位",
        "welfare": "社会公益组织 公益组织",
        "legal_service": "法律服务机构 律师事务所 律所",
    },
    Word.YEAR: {
        "0": "本年 本年度 今年 全年 当年 年内 报告期内 本年内 本年度内 全年度 报告年度",
        "-1": "上年 上年度 去年 上一年 上一年度 去年度 上年同期 去年同期 上年全年 去年全年 前一年",
        "many": "历年 近年来 近年 五年来 三年来 近三年 近五年 两年来 建成以来 开通以来 成立以来 施行以来 十四五 “十四五” 自开通 历史",
        "part": "上半年 下半年 一季度 二季度 三季度 四季度 前三季度 季度 月份 当月 每月 每年 每季度 每季 平均 人均 月均 日均 每周 每日 每天 每次 每",
        "next": "明年 下一年 下一年度 下年 下年度 来年 次年",
    },
    Word.COMPARE: {"": "较 比 同比 相比 相较 相较于 相比于 与 同 对比 环比"},
    Word.TREND: {
        "+": "增长 增加 上升 提高 增幅 多出 升高 增多 上涨 增至 递增 多",
        "-": "减少 下降 降低 降幅 回落 减幅 下滑 减 少 递减",
        "to": "增加到 增加至 增长到 增长至 上升到 上升至 提高到 提高至 下降到 下降至 降低到 降低至 降至 减少到 减少至 升至 降到 升到",
    },
    Word.AMONG: {"": "其中 包括 包含 分为 涵盖"},
    Word.EACH: {"": "分别 分别为 分别是 依次为 依次"},
    Word.SUM: {"": "共计 合计 总计 总共 共 一共 累计"},
    Word.NOT: {
        "": "未发生 未出现 未产生 未收到 未接到 未受理 未制发 未出台 未新增出台 未新增 未制定 未废止 未收取 未办理 没有发生 没有出现 没有产生 没有收到 "
        "没有收取 没有新出台 没有制发 没有出台 没有废止 没有制定 没有 无 不存在发生 未有 未引发 没有引发 尚无 暂无 未涉及 没有涉及 未实施 未作出 没有受理 "
        "未新收到 没有接到 未印发 没有印发 未发出 未新制定 未新出台 未制定出台 从未发生 没有被 未被 无任何 未因 没有因 均未发生 为零 未向申请人收取 "
        "没有向申请人收取 均未收取 未征收 未收 没有征收 未启动 零",
    },
    Word.EVERY: {"": "均 全部 都 均已 全部按期 已全部 均能 均按 件件 皆 全都"},
    Word.RATE: {
        "answered": "答复率 办结率 办理率 回复率 处理率 办复率",
        "timely": "按时答复率 按期答复率 按时办结率 按期办结率 及时答复率 法定期限内答复率 按时回复率 按期回复率 及时办结率 限时办结率 按时办理率 期限内答复率 时限内答复率",
        "disclosed": "公开率 予以公开率 信息公开率",
        "corrected": "纠错率 被纠错率",
        "lost": "败诉率",
        "others": "满意率 合格率 覆盖率 知晓率 解读率 及时率 规范率 审查率 更新率 群众满意率 提前办结率 提前答复率 整改率 完成率 准确率 好评率 胜诉率 维持率 占比率",
    },
    Word.SHARE: {"": "占 占比 占比为 占比达 占总数 占总量 占比约"},
    Word.SCOPE: {
        "own": "本机关 我单位 本单位 我局 本局 我办 本办 我区 本区 我县 本县 我市 本市 我镇 本镇 我乡 本乡 我街道 本街道 我委 本委 我厅 本厅 我省 本省 "
        "我州 本州 我旗 本旗 我中心 我办事处 本级 我院 我部门 本部门 我街 我处 我站 我队 本办事处 县区本级",
        "office": "区政府及区政府办公室 区政府及办公室 县政府及县政府办公室 县政府及办公室 市政府及市政府办公室 市政府及办公室 区政府和区政府办公室 县政府和县政府办公室 "
        "市政府和市政府办公室 区政府（办） 县政府（办） 市政府（办） 区政府本级 县政府本级 市政府本级 区政府办公室 县政府办公室 市政府办公室 政府办公室 省政府办公厅 "
        "市政府办公厅 区政府办 县政府办 市政府办 区政府、区政府办公室 县政府、县政府办公室 市政府、市政府办公室 省政府及办公厅",
        "region": "本地区 全地区 各级各机关 各级各部门 各级行政机关 各级政府及其部门 本行政区域 全系统",
        "全区": "全区 全区各级 全区各级行政机关 全区行政机关",
        "全市": "全市 全市各级 全市各级行政机关 全市行政机关",
        "全县": "全县 全县各级 全县各级行政机关 全县行政机关",
        "全省": "全省 全省各级 全省各级行政机关 全省行政机关",
        "全州": "全州", "全旗": "全旗", "全镇": "全镇", "全乡": "全乡", "全街道": "全街道 全街", "全局": "全局", "全委": "全委", "全厅": "全厅",
        "other": "各部门 各单位 各乡镇 各镇 各街道 各部门各单位 各乡镇各部门 各职能部门 区直各单位 县直各单位 市直各单位 区直部门 县直部门 市直部门 各区县 各县区 "
        "各县市区 下属单位 所属单位 所属部门 辖区 各乡镇街道 职能部门 县（市、区） 各县（市、区） 县（区、市） 区县（市） 各区县（市） 县（区） 市（县、区） 各市（县、区） 各区 各县 镇街 各镇街 区直单位 县直单位 市直单位 各委办局 各地",
        "site": "门户网站 政府网站 政府门户网站 网站 政务新媒体 新媒体 微信公众号 公众号 微博 抖音 公示栏 公开栏 政府公报 客户端 专栏",
    },
    Word.AIM: {
        "": "确保 力争 争取 做到 要求 努力 计划 拟 将 避免 防止 杜绝 应当 必须 目标 预计 实现 如 若 对于 杜绝了 应 不得 杜绝发生",
    },
    Word.FOREIGN: {
        "": "留言 信件 工单 来信 来电 咨询 建议 提案 建议提案 意见 意见建议 问题 信访件 公文 文件 政策文件 其他政策文件 正式文件 解读 政策解读 解读材料 公报 简报 "
        "稿件 动态 热线 线索 诉求 举报 投诉 案例 目录 清单 台账 栏目 账号 培训 检查 通报 活动 会议 制度 答复书 决定书 告知书 通知书 意见书 建议书 规章制度 "
        "党内规范性文件 行政许可事项 行政处罚事项 行政强制事项 许可事项 处罚事项 行政许可信息 行政处罚信息 行政强制信息 许可信息 处罚信息 收费项目 收费目录 收费清单 "
        "收费标准 收费事项 行政许可申请 规范性文件解读 条信息 政务信息 各类信息 信息 发布信息 行政应诉 应诉 民事诉讼 刑事 仲裁 执法案件 审批 服务事项 办件 证照 "
        "救助 补贴 调查 评估 备案 审查 审核 修改 修订 清理 合法性审核 征求意见 办公会 常务会议 答记者问 直播 访谈 出庭 政务服务 政务服务事项 政务服务申请 培训班 座谈会 窗口 大厅 专区 服务 "
        "文件起草 草案 征集 新闻 国家赔偿 人大代表 政协委员 议案 举报件 群众来信 归集 公示信息 公证 举证 个案",
    },
    Word.SUBSET: {
        "": "涉及 关于 领域 方面 类 通过网络 通过邮寄 网上申请 网络申请 线上申请 线下申请 网上 网络 线上 线下 邮寄 信函 当面 现场 传真 电子邮件 邮件 平台 窗口申请 "
        "在线 书面 口头 转办 移交 转送 另有部门 一审 二审 再审 要求 主要 集中 补正 延期 征求第三方 超期 逾期 提前 以内",
    },
    Word.PLAIN: {
        "": "政府信息公开 政务信息公开 信息公开 政务公开 政府信息 公开信息 公开工作 公开工作中 申请人 依法 依规 依法依规 按时 按期 及时 规范 严格 认真 妥善 积极 有效 统一 有关 相关 "
        "规定期限 法定期限 法定时限 规定时限 期限内 时限内 期限 时限 截至目前 截至年底 截至 截止 目前 年底 年末 剩余 其余 余下 另有 另外 还有 尚有 仍有 同时 实际 总数 "
        "数量 总量 件数 宗数 案件 情况 情形 事件 事项 现象 工作 引发 引起 导致 产生 发生 提起 被申请 被提起 人民政府 区政府 县政府 市政府 政府 一起 一件 任何 各类 各种 "
        "无障碍 无纸化 无缝 无关 无一 未来 未成年 未公开 尚未公开 未按期 未按时 未及时 常态 公开为常态 不公开为例外 行政行为 具体行政行为 全部内容 公开属性 分别情况 "
        "无正当理由 无线 未能 未尽 全面 公民、法人和其他组织 公民、法人或其他组织 公民、法人或者其他组织 公民、法人及其他组织 公民、法人、其他组织 超过 不足以 不少于 不低于 突破 将近 接近 大约 群众 社会公众 规定 流程 要求内 结果 以来 期间 总体 方式 途径 渠道 受理范围 增强 比例 比较 减轻 减负 多样 多元 多种 "
        "同意 同步 共同 与会 与时俱进 与此同时 共享 公共 少数 不少 至少 多次 多数 加强 都市 均衡 无锡 处理方式 处理费用 机关 行政机关 办件量 给予 予以 完成 作出了 "
        "以区政府 以县政府 名义 范围内 按照 根据 条例 年度 办公室 因 由 已 新 或者 以及 政府信息公开事项 所有 全程 答复期限 办理期限 办理流程 办理工作 处理工作 每件 "
        "申请渠道 申请平台 申请流程 申请条件 公开申请渠道 有效性 有效提升 有效保障 有效维护 有效促进 有效推动 有效回应 有效解决 有效落实 有效发挥 实效 公开渠道 公开内容 公开形式 公开专栏 公开栏目 公开平台 公开指南 "
        "引发的 公开办 提高到位 增加值 少年 减税 减税降费 比对 比重 对比分析 共建 共治 共性 登记表 登记机关 一共有 处理机制 处理能力 处置能力 公开权威 接受监督 "
        "保障 审理 加上 再加 结果为 共有 总共有",
    },
}  # fmt: skip

_LAST = "上年 上年度 上一年 上一年度 去年 去年度".split()  # noqa: SIM905
_NEXT = "下年 下年度 下一年 下一年度 次年 明年 下个年度 来年".split()  # noqa: SIM905
#: 年 stands for each name of the year.
_CARRIED_IN = "年结转 年的结转 年结转申请 承接年结转 承接年 结转年 年转入 年转结 年转接 年遗留 年结转至本年 年结转至今年 年结转至本年度 年结转到本年度 年未办结"
_CARRYING = "结转 结转至 结转到 结转入 结转于 转至 转入 转到 转结至 转结 移至 留至 顺延至 延续至 转".split()  # noqa: SIM905
_STILL_OPEN = "继续办理 正在办理 正在办理中 尚在办理 尚在办理中 未办结 尚未办结 未办理完毕 尚未办理完毕 在办 待办结 办理中 未到期 仍在办理 正在处理 尚未答复 未答复 暂未办结"


def _carry_terms() -> dict[str, str]:
    """The many ways to write 上年结转 and 结转下年度继续办理, spelled out."""
    terms = {
        pattern.replace("年", year, 1): "carried_in" for year in _LAST for pattern in _CARRIED_IN.split()
    }
    for year in _NEXT:
        terms[f"{year}继续办理"] = "carried_out"
        for word in _CARRYING:
            for tail in ("", "办理", "继续办理", "继续处理", "处理", "答复"):
                terms[word + year + tail] = "carried_out"
    terms |= dict.fromkeys(_STILL_OPEN.split(), "carried_out")
    terms |= dict.fromkeys(("结转", "结转至", "结转到", "结转申请", "结转件"), "carried")
    return terms


@lru_cache(maxsize=1)
def terms() -> dict[str, tuple[Word, str]]:
    """Every term with its class and value. A term listed twice keeps the earlier, more specific class."""
    table: dict[str, tuple[Word, str]] = {}
    for word, value in _carry_terms().items():
        table.setdefault(word, (Word.ACT, value))
    for kind, groups in _RAW.items():
        for value, listed in groups.items():
            for word in listed.split():
                table.setdefault(word, (kind, value))
    return table


_Trie = dict[str, "_Trie"]


def _trie(words: Iterable[str]) -> _Trie:
    """The words as nested dictionaries of characters; the key "" ends a word."""
    root: _Trie = {}
    for word in words:
        node = root
        for ch in word:
            node = node.setdefault(ch, {})
        node[""] = {}
    return root


def _render(node: _Trie) -> str:
    """The expression that matches the longest word below ``node``."""
    branches = [re.escape(ch) + _render(child) for ch, child in node.items() if ch]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
    return f"(?:{body})?" if "" in node else body


def _halved(root: _Trie, firsts: Sequence[str]) -> str:
    """The top of the trie as a binary tree of look-aheads.

    The engine tries alternatives one after the other; with some three hundred first characters that is most of the time.
    """
    if len(firsts) <= 16:
        return "(?:" + "|".join(re.escape(ch) + _render(root[ch]) for ch in firsts) + ")"
    middle = len(firsts) // 2
    low, high = firsts[:middle], firsts[middle:]
    return f"(?:(?=[{re.escape(low[0])}-{re.escape(low[-1])}]){_halved(root, low)}|{_halved(root, high)})"


_DATE = (
    r"(?:19|20)\d\d年?(?:[-—–~～至到]+)(?:19|20)\d\d年(?:度|底|末|以来)?"
    r"|(?:自|从)?(?P<year>(?:19|20)\d\d)(?P<nian>年)(?P<month>\d{1,2}月(?:\d{1,2}日)?(?:份|底|末)?)?(?P<since>以来|起)?度?[底末]?"
    r"|\d{1,2}月\d{1,2}日|\d{1,2}月(?:份|底|末)?"
)


_NUMERIC = "0-9A-Za-z自从第〔（\\[【零〇一二两三四五六七八九十百千"


@lru_cache(maxsize=1)
def scanner() -> re.Pattern[str]:
    """The tokenizer: date, things that are no counts, number, clause mark, term. ``lastgroup`` names the branch."""
    root = _trie(terms())
    firsts = sorted(root)
    start = "".join(re.escape(ch) for ch in firsts)
    return re.compile(
        rf"(?=[{_NUMERIC}，,；、：）{start}])(?:"
        rf"(?=[{_NUMERIC}])(?:(?P<date>{_DATE})|(?P<skip>{NOT_COUNT})|(?P<number>{NUMBER}))"
        rf"|(?P<mark>[，,；、：（）])|(?P<term>{_halved(root, firsts)}))"
    )


_COUNTED = re.compile(r"\d|[一二两三四五六七八九十百零](?:件(?!件|事)|起(?!来|草|到)|宗)")
_DENIED = re.compile(r"未(?![来成经])|没有|[无零](?![法障缝纸])")
_DENIABLE = re.compile(r"复议|诉讼|败诉|纠错|规范性文件|规章|费|申请|许可|处罚|强制")
_COMPLETE = re.compile(r"(?:[均都皆]|全部)[^，；。]{0,24}?(?:答复|办结|回复|办理|处理)")


def speaks(text: str, start: int, end: int) -> bool:
    """Whether a sentence can say anything about a cell: it holds a number, denies something, or says all was answered."""
    if _COUNTED.search(text, start, end) or _COMPLETE.search(text, start, end):
        return True
    return bool(_DENIED.search(text, start, end) and _DENIABLE.search(text, start, end))
