"""Names of organs: whether two names mean the same organ, and what level a name speaks of.

利通区, 利通区人民政府 and 吴忠市利通区人民政府 are one organ; 利通区人民政府办公室 is another, and so is 吴忠市人民政府.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .places import MUNICIPALITIES, PREFECTURES, PROVINCES

Level = Literal["省", "市", "县", "乡镇", "部门"]

#: What a government, its office, and a board that governs an area are called; the canonical form comes first.
_BODIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("办公室", (
        "人民政府办公厅", "人民政府办公室", "人民政府办", "政府办公厅", "政府办公室", "政府办", "行政公署办公室",
    )),
    ("政府", ("人民政府", "街道办事处", "行政公署", "办事处", "政府", "行署")),
    ("管委会", ("管理委员会", "管委会")),
)  # fmt: skip

#: Departments known by a short name as well.
_SHORT: tuple[tuple[str, str], ...] = (
    ("发展和改革委员会", "发改委"), ("发展改革委员会", "发改委"), ("发展和改革局", "发改局"), ("发展改革局", "发改局"),
    ("发展和改革委", "发改委"), ("发展改革委", "发改委"),
    ("人力资源和社会保障", "人社"), ("人力资源社会保障", "人社"), ("市场监督管理", "市场监管"), ("卫生健康委员会", "卫健委"),
    ("卫生健康委", "卫健委"), ("卫生健康局", "卫健局"), ("住房和城乡建设", "住建"), ("住房城乡建设", "住建"),
    ("工业和信息化", "工信"), ("农业农村和水利", "农水"), ("自然资源和规划", "自规"), ("文化和旅游", "文旅"),
    ("文化旅游", "文旅"), ("生态环境", "环境"), ("应急管理", "应急"), ("城市管理", "城管"), ("交通运输", "交通"),
    ("退役军人事务", "退役军人"), ("医疗保障", "医保"), ("行政审批服务", "审批"), ("民族宗教事务", "民宗"),
)  # fmt: skip

# 市 in 市场, 城市; 区 in 社区, 区域; 乡 in 乡村, 城乡 … end no name of a place.
_PLACE_END = re.compile(
    r"自治区|自治州|自治县|自治旗|街道|苏木|省|(?<!城)市(?![场政容民])|州(?!市)|盟|地区|县(?!级)|(?<![社地特])区(?![域划])|(?<!红)旗|镇(?!村)|(?<!城)乡(?!村|镇)"
)
_PLACE_ONLY = re.compile(r"(?:省|自治区|市|自治州|州|盟|地区|县|区|旗|镇|乡|街道|苏木)\Z")
_GENERIC = re.compile(r"(?:本|我|全)?(?:省|自治区|市|自治州|州|盟|县|区|旗|镇|乡|街道)\Z")
_FUNCTIONAL = re.compile(
    r"(?:开发区|高新区|新区|示范区|保税区|合作区|管理区|度假区|园区|试验区|实验区|工业区|经开区)\Z"
)
_NATIONAL = re.compile(r"(?:国家|中国|中华人民共和国|国务院)")
_BLANK = re.compile(r"[\s\u200b\ufeff（）()《》“”\"·]+")


@dataclass(frozen=True, slots=True)
class OrganName:
    """A name taken apart: the chain of places written out (吴忠市利通区) and what stands after it (政府, 教育局)."""

    place: str
    body: str

    @property
    def generic(self) -> bool:
        """区政府, 我县教育局: a name that only its surroundings make definite."""
        return not self.place or bool(_GENERIC.match(self.place))


@lru_cache(maxsize=8192)
def parse_name(name: str) -> OrganName:
    """Take a name apart. Anything that is no place name is body; an empty name has neither."""
    text = _BLANK.sub("", name)
    for canonical, endings in _BODIES:
        for ending in endings:
            if text.endswith(ending):
                place = text[: -len(ending)] + ("街道" if ending == "街道办事处" else "")
                return OrganName(place, canonical)
    if _PLACE_ONLY.search(text) and not _BODIES_INSIDE.search(text):
        return OrganName(text, "政府")
    end = max((m.end() for m in _PLACE_END.finditer(text) if m.end() < len(text)), default=0)
    body = text[end:]
    for long, short in _SHORT:
        body = body.replace(long, short)
    return OrganName(text[:end], body)


_BODIES_INSIDE = re.compile(r"局|委员会|委|厅|院|中心|公司|学校|医院|队|站")


def same_organ(first: str | None, second: str | None, *, loose: bool = False) -> bool:
    """Whether two names mean one organ.

    A longer name may add the places above it (吴忠市利通区人民政府) and a government may be named by its place alone
    (利通区). With ``loose`` a name without a definite place (区政府, 我区教育局) also fits any of its level: right only
    within one document, where the surroundings make it definite; never for pairing files.
    """
    if not first or not second:
        return False
    a, b = parse_name(first), parse_name(second)
    if a.body != b.body:
        return False
    if a.generic or b.generic:
        if a.place.lstrip("本我全") == b.place.lstrip("本我全"):
            return bool(a.place) or not a.generic or a.body not in ("政府", "办公室", "管委会")
        return loose and _generic_fits(a, b)
    return _same_place(a.place, b.place)


def conflicting(first: str, second: str) -> bool:
    """Whether two names in one document plainly speak of two places: neither place is within the other's name.

    A government and its office, a short and a long form, a name without a place: no conflict.
    """
    a, b = parse_name(first), parse_name(second)
    if a.generic or b.generic or not _PLACE_ONLY.search(a.place) or not _PLACE_ONLY.search(b.place):
        return False
    return _last_place(a.place) not in _BLANK.sub("", second) and _last_place(b.place) not in _BLANK.sub(
        "", first
    )


def _generic_fits(a: OrganName, b: OrganName) -> bool:
    vague, definite = (a, b) if a.generic else (b, a)
    return not vague.place or definite.place.endswith(vague.place.lstrip("本我全"))


def _same_place(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if short == long:
        return True
    if not long.endswith(short):
        # 宁夏利通区 and 吴忠市利通区: one leaves out the middle.
        return _last_place(a) == _last_place(b) and bool(_province(a) or _province(b)) and not _conflict(a, b)
    before = long[: -len(short)]
    return before in PROVINCES or bool(_PLACE_ONLY.search(before))


def _province(place: str) -> str:
    return next((p for p in PROVINCES if place.startswith(p)), "")


def _conflict(a: str, b: str) -> bool:
    """Whether the two chains name different provinces or different cities."""
    one, other = _province(a), _province(b)
    if one and other and one != other:
        return True
    cities = [re.search(r"([^省区]{2,}?(?:市|自治州|州|盟|地区))", p) for p in (a, b)]
    return all(cities) and len({m.group(1)[-3:] for m in cities if m}) > 1


def _last_place(place: str) -> str:
    """The innermost place of a chain: 利通区 of 宁夏回族自治区吴忠市利通区."""
    ends = [m.end() for m in _PLACE_END.finditer(place)]
    start = ends[-2] if len(ends) > 1 else 0
    name = place[start:]
    province = _province(name)
    return name[len(province) :] if province and len(name) > len(province) + 1 else name


# --- level -----------------------------------------------------------------------------------------------------------


def level_of(name: str | None) -> Level | None:
    """The level a name speaks of, or None where the name alone does not decide it (开发区, 灵武市, 地区行署).

    An office of a government counts with its government: it reports for it. A department counts as 部门 wherever it is.
    """
    if not name:
        return None
    organ = parse_name(name)
    if organ.body not in ("政府", "办公室"):
        if organ.body == "管委会" or _NATIONAL.match(_BLANK.sub("", name)):
            return None
        # A body of the State Council (财政部) may make 部门规章.
        return "部门" if organ.body and (organ.place or not organ.body.endswith("部")) else None
    return _place_level(organ.place)


def _place_level(place: str) -> Level | None:
    if not place or _FUNCTIONAL.search(place):
        return None
    if re.search(r"(?:省|自治区)\Z", place) or place in MUNICIPALITIES:
        return "省"
    if place.endswith("自治州"):
        return "市"
    if place.endswith(("地区", "盟", "特别行政区")):
        return None
    if place.endswith("市"):
        return _city_level(place)
    if place.endswith(("街道", "镇", "乡", "苏木")):
        return "乡镇"
    if place.endswith(("县", "区", "旗")) and len(place) > 1:
        return "县"
    return None


def _city_level(place: str) -> Level | None:
    """市 is prefecture or county: by the list, or because another 市 or 州 stands above it (吴忠市青铜峡市)."""
    inner = _last_place(place)
    if inner.removesuffix("市") in PREFECTURES:
        return "市"
    above = place[: -len(inner)]
    return "县" if above.endswith(("市", "自治州", "盟", "地区")) and above not in MUNICIPALITIES else None


__all__ = ["Level", "OrganName", "conflicting", "level_of", "parse_name", "same_organ"]
