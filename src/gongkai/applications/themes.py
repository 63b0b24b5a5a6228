"""What applications are about: a short fixed list, so that counts of different offices can be laid side by side."""

from __future__ import annotations

from typing import Final

#: theme → words by which a request is proposed for it. The person at the desk decides.
THEMES: Final[dict[str, tuple[str, ...]]] = {
    "征地拆迁": ("征收", "征地", "拆迁", "补偿", "安置", "腾退"),
    "规划建设": ("规划", "建设工程", "施工许可", "棚户", "工程", "竣工"),
    "土地房产": ("土地", "不动产", "房屋", "宅基地", "房产", "出让", "物业"),
    "财政审计": ("预算", "决算", "审计", "财政", "资金", "采购", "招标", "投标"),
    "教育": ("学校", "招生", "教育", "教师", "学区", "幼儿园"),
    "医疗卫生": ("医疗", "医院", "卫生", "疫", "药品"),
    "社会保障": ("社保", "养老", "低保", "救助", "就业", "工伤", "退役"),
    "生态环境": ("环境", "环评", "污染", "排污", "水利", "林业", "矿"),
    "市场监管": ("市场监管", "食品", "营业执照", "企业登记", "特种设备"),
    "行政执法": ("处罚", "执法", "许可", "强制", "复议"),
    "机构人事": ("编制", "招聘", "任免", "公务员", "职责", "三定"),
    "农业农村": ("农业", "农村", "惠农", "补贴", "村务", "合作社"),
    "交通出行": ("交通", "道路", "公交", "停车"),
    "其他": (),
}
THEME_CHOICES: Final = [(name, name) for name in THEMES]


def propose(text: str) -> str:
    """The theme most of whose words stand in ``text``; "" where none does."""
    scores = {name: sum(text.count(word) for word in words) for name, words in THEMES.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else ""
