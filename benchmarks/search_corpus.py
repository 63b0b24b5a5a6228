"""Three hundred thousand public documents in the wording of a county, made from building blocks: the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import yaml

FIRST = date(2008, 5, 1)
_PLACES = [
    "利通",
    "清河",
    "柳湾",
    "杏林",
    "安和",
    "双桥",
    "石门",
    "枣园",
    "东岭",
    "金沙",
    "红旗",
    "高台",
    "白塔",
    "塔湾",
    "石桥",
    "新桥",
    "古渡",
    "柳树",
    "平安",
    "甘泉",
]
_KINDS = ("policy", "item", "news", "interpretation", "report")
_ACTS = [
    "通知",
    "公告",
    "公示",
    "意见",
    "方案",
    "办法",
    "批复",
    "函",
    "决定",
    "通告",
    "报告",
    "纪要",
    "名单",
    "规划",
    "预案",
    "细则",
    "清单",
    "指南",
    "目录",
    "解读",
]
_VERBS = [
    "印发",
    "开展",
    "加强",
    "做好",
    "公布",
    "调整",
    "组织",
    "推进",
    "落实",
    "规范",
    "完善",
    "启动",
    "实施",
    "核查",
    "征求",
    "表彰",
    "废止",
    "修订",
    "下达",
    "明确",
]
_FILLERS = [
    "各乡镇人民政府、区政府各部门要高度重视，明确责任，抓好落实。",
    "按照法定程序办理，结果向社会公开。",
    "联系电话以公布的为准。",
    "对弄虚作假的依法处理。",
    "本年度安排资金由财政部门审核后拨付。",
    "符合条件的群众可以到所在村（社区）提出申请，工作人员当场核对材料。",
    "经研究，现将有关事项通知如下。",
    "申请材料齐全的，自受理之日起按期办结。",
    "请结合实际认真贯彻执行。",
    "对群众反映的问题逐件回复。",
]


def _subjects() -> list[str]:
    from gongkai.search.synonyms import seeds

    return [group[0] for group in seeds()]


def documents(count: int, seed: int = 7, sentences: int = 0) -> Iterator[dict[str, object]]:
    """``count`` documents in order of date: title, number, summary, body, kind, day, organ place in the list of organs.

    ``sentences``: so many more in a text on average; none in some, twice as many in others.
    """
    rng = Random(seed)
    subjects = _subjects()
    weights = [1 / (n + 3) for n in range(len(subjects))]
    days = (date(2026, 11, 1) - FIRST).days
    rare = yaml.safe_load("[鲈鱼养殖示范, 硒砂瓜保险, 二手冷链车备案, 皮影戏传承, 地窖氡气监测]")
    for n in range(count):
        subject = rng.choices(subjects, weights)[0]
        place, verb, act = rng.choice(_PLACES), rng.choice(_VERBS), rng.choice(_ACTS)
        title = f"{place}{'镇' if n % 3 else '区'}关于{verb}{subject}工作的{act}"
        day = FIRST + timedelta(days=days * n // count)
        body = [f"为{verb}{subject}，根据有关规定，{place}范围内{rng.choice(subjects)}与{subject}同步推进。"]
        body += rng.choices(_FILLERS, k=rng.randrange(4, 9))
        if rng.random() < 0.001:
            body.append(f"另附{rng.choice(rare)}的有关说明。")
        for _ in range(rng.randrange(2 * sentences) if sentences else 0):
            said = f"{rng.choice(_PLACES)}{rng.choice(_VERBS)}{rng.choices(subjects, weights)[0]}工作"
            body.append(
                f"{said}，第{rng.randrange(1, 40)}项由{rng.choice(_PLACES)}承办，{rng.choice(_FILLERS)}"
            )
        body.append(f"编号{n}，第{rng.randrange(1, 5000)}号档案。")
        number = f"{place}政发〔{day.year}〕{n % 200 + 1}号" if n % 4 == 0 else ""
        yield {
            "title": title, "number": number, "summary": body[0], "body": "".join(body), "kind": _KINDS[n % 5], "day": day,
            "organ": n % 120, "topic": rng.choice(("民政", "财政", "教育", "农业", "住建", "卫生")),
        }  # fmt: skip
