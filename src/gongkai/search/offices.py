"""An office by its title: 区长, 谁是区长 is who leads the site's own government, 清河镇镇长 who leads that of 清河镇."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.search.policies import site_organ
from gongkai.search.query import Idea, Query

_WHO = (
    "是谁|叫什么名字|叫什么|叫啥|是哪个|是哪位|姓什么|姓啥|的?(?:名字|姓名|简历|简介|分工|信息|联系方式|电话)"
)
_OFFICE = re.compile(
    rf"(?:请问|谁是|谁当|哪个是|哪位是)?(?:现在的?|现任|我们|咱们?|咱这|本)?(?P<place>[\u4e00-\u9fff]{{1,6}}?[省市区县镇乡])??的?"
    rf"(?P<title>副?[市区县镇乡]长)(?:{_WHO})*[?？。吗呢]*"
)
#: What the pages of leaders are called, and how the one at the head is.
LEADERS, HEAD = "领导信息", "主要负责人"


def asked(query: Query) -> Query:
    """``query`` for an office as one for the leaders of the government that is meant; any other query as it is."""
    match = _OFFICE.fullmatch(query.text.replace(" ", ""))
    if match is None:
        return query
    title, place = match["title"], match["place"]
    home = None if place else site_organ()
    if place and place[-1] in "镇乡":
        where = Idea(place)
    elif place:
        where = Idea(f"{place}政府", (f"{place}人民政府",))
    elif home is not None and title[-2] not in "镇乡":
        where = Idea(home.short_name or home.name, (home.name,))
    else:
        return query  # of which place was not said
    leaders = Idea(LEADERS, ("领导分工",))
    who = Idea(title, () if title.startswith("副") else (HEAD,))
    return replace(query, exact=(leaders, where), ideas=(leaders, where, who), pieces=(), office=True)
