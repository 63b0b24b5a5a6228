"""The question whether a document is still in force: what is asked about is the document, not the word 有效. Pure."""

from __future__ import annotations

import re

#: 还有效吗, 是否有效, 有没有废止, 废止了吗, 还管用吗, 失效没有, 现在还能用不能用, 作废了没.
_SAID = "有效|管用|算数|作数|适用|废止|失效|作废|被替代|被取代"
#: Of a card or a benefit these say something else: 低保取消了, 身份证过期了.
_OF_PAPERS = "过期|取消|过时|停用|撤销|修改|执行|施行|能用|生效|有用|在用"
_EVEN = "(?:现在|目前|如今|到底|是不是|是否|有没有|有无|还|仍然|仍|依然|继续|已经|已|早就|被|又|要不要|会不会|能不能|算不算)"
_END = "(?:的|了|过|没有|没|不|吗|么|嘛|呢|吧|啊|中|否|着)"
_TAIL = re.compile(
    rf"的?(?:{_EVEN}+(?:{_SAID}|(?P<papers>{_OF_PAPERS})){_END}*|(?:{_SAID}|(?P<more>{_OF_PAPERS})){_END}+"
    r"|有效性(?:如何|怎样|怎么样)?)[?？。!！\s]*$"
)
_PAPER = re.compile(
    "(?:办法|细则|规定|条例|通知|决定|意见|方案|公告|通告|标准|规划|制度|指南|预案|目录|清单|规则|规范|章程|措施|政策|计划|要点|批复|[令函》号])$"
)
#: 这个文件, 老办法, 以前的政策: no document by name.
_ANY = re.compile(
    "这个|那个|这份|那份|这些|那些|以前|过去|老|旧|原来|原先|当年|上次|几年前|去年|前年|的|红头|文件|文|政策|规定|办法|条文|通知|规章|东西|请问|我想问|想问|问一下|一下|查|哪些|什么|啥|哪个"
)
_ASKING = re.compile("^(?:请问|我想问一下|我想问|想问一下|想问|问一下|查一下|查)[，,：:\\s]*")
_THIS = re.compile("(?:这个|那个|这份|该|此)?(?:文件|规定|办法|通知|政策|文)?$")


def subject(text: str) -> str:
    """The document that ``text`` (normalised) asks about: 养犬管理规定还有效吗 → 养犬管理规定; "" where the question is not
    whether one is in force, or names none (老办法还管用吗)."""
    tail = _TAIL.search(text)
    if tail is None:
        return ""
    rest = _ASKING.sub("", text[: tail.start()]).strip(" ，,、")
    if (tail["papers"] or tail["more"]) and not _PAPER.search(rest):
        return ""
    named = re.search("这个|那个|这份|该文件|此文件", rest)
    if named and named.start() > 3:
        rest = rest[: named.start()].strip(" ，,、") + _THIS.sub("", rest[named.start() :])
    if rest.startswith("《") and rest.endswith("》"):
        rest = rest[1:-1]
    return rest if len(_ANY.sub("", rest).strip()) > 1 else ""
