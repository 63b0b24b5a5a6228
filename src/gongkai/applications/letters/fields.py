"""The fields a letter template may use: name, what it is, where it comes from, and a sample for the preview.

``typed`` fields are filled in by the drafter (what the case already knows is filled in beforehand); the others are computed.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.law.outcomes import FACTS

#: Filled at signing by the law, never typed.
REMEDY = "救济途径"
DEFERRED = frozenset({REMEDY})


@dataclass(frozen=True, slots=True)
class Field:
    """One field; ``source`` groups the list shown beside an editor."""

    name: str
    source: str
    description: str
    sample: str
    typed: bool = False
    long: bool = False


_CASE = (
    ("申请编号", "登记编号", "清资公开申〔2026〕1号"),
    ("回执号", "申请人查询用的回执号", "20260420AB23CD"),
    ("申请人", "姓名或者名称", "王小明"),
    ("称谓", "自然人为“你”，单位为“你单位”", "你"),
    ("申请人类别", "六类之一", "自然人"),
    ("证件", "证件类型，号码只显示首尾", "居民身份证 110***********1233"),
    ("联系方式", "电话、邮箱、地址中已填的", "某街 1 号"),
    ("代理人", "没有代理人时为空", "李某"),
    ("申请渠道", "当面、信函、互联网等", "互联网"),
    ("提交日期", "申请提交之日", "2026年4月18日"),
    ("收到日期", "依第三十一条确定的收到申请之日", "2026年4月20日"),
    ("办理经过", "补正、征求意见、延期、缴费的日期，由办理记录生成", "经本机关告知，你于2026年4月27日补正了申请。"),
    ("重新办理说明", "复议、判决或者自行纠错后重新答复时生成", "根据复议决定，本机关重新办理。"),
    ("答复期限", "按工作日历计算", "2026年5月20日"),
    ("文号或者其他特征", "申请人填写", "清政发〔2025〕3号"),
    ("希望的提供形式", "申请人填写", "纸质"),
    ("希望的获取途径", "申请人填写", "邮寄"),
    ("承办人", "登记的承办人", "张三"),
    ("办理结果", "作出的决定", "部分公开"),
)  # fmt: skip
_ORGAN = (
    ("机关名称", "答复机关全称", "清河县自然资源局"),
    ("工作机构", "政府信息公开工作机构", "办公室"),
    ("机关地址", "公开工作机构或者机关的地址", "清河县人民路 8 号"),
    ("机关电话", "公开工作机构或者机关的电话", "0951-2030405"),
    ("机关邮编", "邮政编码", "751100"),
    ("机关邮箱", "电子邮箱", "xxgk@qinghe.example"),
)
_LAW = (
    ("依据条款", "办理结果对应的条款，由法律规则给出", "《中华人民共和国政府信息公开条例》第三十七条"),
    ("补正截止日", "补正期限的最后一日", "2026年5月8日"),
    ("补正期限说明", "期限的写法", "自收到本告知书之日起10个工作日内"),
    ("说明截止日", "说明理由的最后一日", "2026年5月8日"),
    ("延长工作日", "延期的工作日数", "20"),
    ("延期后期限", "延期后的答复期限", "2026年6月17日"),
    ("延迟至", "第三十五条的合理期限", "2026年7月1日"),
    ("收费金额", "小写和大写", "380元（人民币叁佰捌拾元整）"),
    ("计收方式", "按件或者按量", "按量计收"),
    ("收费标准", "该计收方式的全部档次", "30页以下（含30页）的部分不收费。"),
    ("缴费截止日", "送达日已登记时才有", "2026年6月17日"),
    ("函编号", "征求意见函在案卷内的编号", "1"),
    ("发函日期", "征求意见函发出之日", "2026年4月24日"),
    ("征求意见对象", "第三方，或者共同制作机关", "第三方"),
    ("重新办理原因", "行政复议决定、判决、自行纠错或者督促整改", "自行纠错"),
    ("撤回日期", "申请人撤回之日", "2026年4月30日"),
    (REMEDY, "由行政复议法、行政诉讼法和本机关资料计算，签发时写入；不得手写", "申请人对本答复不服的，可以依法申请行政复议。"),
)  # fmt: skip
_TYPED = (
    ("补正事项", "一行一项，一次告知全部", "1.请写明所需文件的名称、文号或者年度。", True),
    ("指导和释明", "怎样写才清楚", "例如写明“某村2024年度征地批复”。", True),
    ("要求说明的情况", "数量、频次的事实", "自2026年1月至4月，你向本机关提出申请62件。", True),
    ("延期理由", "为什么不能按期答复", "所涉档案数量较多，需要逐页区分处理", True),
    ("延迟理由", "为什么确定这一期限", "申请数量较大，需要分批检索", True),
    ("第三方", "被征求意见的组织或者个人", "清河某建设有限公司", False),
    ("共同制作机关", "被征求意见的机关", "清河县财政局", False),
    ("征求意见事项", "拟公开的信息，不写申请人身份", "《某地块成交确认书》中与贵单位有关的内容", True),
    ("意见", "确认函由对方填写，可不填", "", True),
    ("公开内容", "决定公开的内容", "成交总价和面积", True),
    ("公开理由", "不公开会对公共利益造成重大影响的理由", "涉及国有资产处置，公众有权监督", True),
    ("协办单位", "内设机构或者下属单位", "不动产登记中心", False),
    ("协办事项", "请对方做什么", "请检索2019年以来的征地批复文件", True),
    ("协办期限", "请对方何时回复", "2026年4月27日", False),
    ("缴纳方式", "缴款码、账户、窗口", "凭缴款码12345到银行网点缴纳", True),
    ("页数", "按量计收的页数，按件计收的件次", "68", False),
    ("提供方式", "形式、途径、时间", "以纸质复制件邮寄提供", False),
    ("更正前", "原文书中的文字", "第三十六条第一款", True),
    ("更正后", "应当写成的文字", "第三十六条第（一）项", True),
    ("原文书", "被更正或者被送达的文书名称、文号", "《政府信息公开答复书》清资公开答〔2026〕1号", False),
    ("送达地点", "送达或者投递的地点", "清河县人民路 8 号", False),
    ("送达方式", "直接、邮寄、电子、委托、公告", "邮政企业邮寄", False),
    ("重新办理依据", "复议决定书、判决书的名称和文号", "清政复决〔2026〕5号行政复议决定书", False),
)  # fmt: skip

_FACT_SAMPLES = {
    "requested": "2025年某村土地征收补偿安置方案",
    "interest": "公共安全",
    "internal_kind": "人事管理",
    "process_kind": "讨论记录",
    "forbidding_law": "《中华人民共和国统计法》第九条",
}
_LONG_FACTS = frozenset({"requested", "right_organ", "provided_when"})


def _fields() -> dict[str, Field]:
    rows = [Field(n, "案卷", d, s) for n, d, s in _CASE]
    rows += [Field(n, "机关", d, s) for n, d, s in _ORGAN]
    rows += [Field(n, "法律计算", d, s) for n, d, s in _LAW]
    rows += [Field(n, "填写", d, s, True, long) for n, d, s, long in _TYPED]
    for key, (name, hint) in FACTS.items():
        sample = _FACT_SAMPLES.get(key, f"示例：{hint}")
        rows.append(Field(name, "答复事实", hint, sample, True, key not in _LONG_FACTS))
    return {row.name: row for row in rows}


#: Every field by name.
FIELDS: dict[str, Field] = _fields()
#: law's fact key → field name, and back.
FACT_FIELDS: dict[str, str] = {key: name for key, (name, _) in FACTS.items()}
FIELD_FACTS: dict[str, str] = {name: key for key, name in FACT_FIELDS.items()}


def samples() -> dict[str, str]:
    """Field → sample value, for the preview of a template."""
    return {name: field.sample for name, field in FIELDS.items() if name not in DEFERRED}
