"""The shapes of the open data. Field names are English, meanings are in the descriptions (shown in the documentation)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

NEXT = "下一页的地址；最后一页为 null"


class ItemOut(Schema):
    """One public thing: document, item, interpretation, report, organ."""

    key: str = Field(description="稳定的对象编号，不随内容变化")
    kind: str = Field(description="种类代码，见 /kinds")
    title: str = Field(description="标题")
    url: str = Field(description="网页地址")
    number: str = Field(description="文号，没有为空")
    day: date | None = Field(description="日期（公布日期或成文日期）")
    organ: str | None = Field(description="机关的网址代号，见 /organs")
    column: int | None = Field(description="栏目编号，见 /columns；不在栏目里的为 null")
    validity: str = Field(description="效力代码，没有为空")
    topic: str = Field(description="主题分类，没有为空")
    summary: str = Field(description="概述")
    updated_at: datetime = Field(description="本条数据最近变化的时间")


class ItemDetail(ItemOut):
    """A public thing with its text."""

    body: str = Field(description="正文（纯文本，含可提取的附件文字）")
    extra: dict[str, Any] = Field(description="各种类自己的附加数据")


class ItemPage(Schema):
    """A page of items."""

    items: list[ItemOut] = Field(description="公开内容")
    next: str | None = Field(description=NEXT)


class KindOut(Schema):
    kind: str = Field(description="种类代码")
    label: str = Field(description="名称")
    count: int = Field(description="现有条数")


class HitOut(ItemOut):
    """A search hit."""

    snippet: str = Field(description="命中处的文字")


class HitPage(Schema):
    total: int = Field(description="参与排序的命中条数")
    capped: bool = Field(description="true 表示实际命中更多，只排序了最新的一部分")
    corrected: str = Field(description="没有结果时改用的词，没有为空")
    hits: list[HitOut] = Field(description="命中的内容")


class ChangeOut(Schema):
    """One change since a moment: what is new or different, or what was withdrawn."""

    key: str = Field(description="对象编号")
    kind: str = Field(description="种类代码，见 /kinds")
    url: str = Field(description="网页地址")
    at: datetime = Field(description="变化的时间")
    withdrawn: bool = Field(description="true 表示已撤下，请删除所存的副本")


class ChangePage(Schema):
    changes: list[ChangeOut] = Field(description="变化，最早的在前")
    next: str | None = Field(description=NEXT)
    as_of: datetime = Field(
        description="到这一时间为止的变化都在内（各页相同）；取完全部页后，下次把它作为 since（会有少量重复）"
    )


class OrganOut(Schema):
    slug: str = Field(description="网址代号")
    name: str = Field(description="名称")
    kind: str = Field(description="类别")
    parent: str | None = Field(description="上级机关的代号")
    credit_code: str = Field(description="统一社会信用代码")
    address: str = Field(description="办公地址")
    hours: str = Field(description="办公时间")
    phone: str = Field(description="联系电话")
    url: str = Field(description="网页地址")


class OrganDetail(OrganOut):
    """An organ, also one that ended."""

    duties: str = Field(description="机构职能")
    email: str = Field(description="电子邮箱")
    region_code: str = Field(description="行政区划代码")
    active: bool = Field(description="true 在册，false 已合并或撤销")
    successor: str | None = Field(description="承接职责的机关的代号")
    units: list[str] = Field(description="在册下级机关的代号")
    feed: str = Field(description="订阅地址（Atom）")


class OrganPage(Schema):
    organs: list[OrganOut] = Field(description="机关，按机构树的次序")
    next: str | None = Field(description=NEXT)


class ReportOut(Schema):
    organ: str = Field(description="机关代号")
    organ_name: str = Field(description="机关")
    year: int = Field(description="报告年度")
    version: int = Field(description="版次，更正后增加")
    title: str = Field(description="标题")
    scope: str = Field(description="统计范围：own 本机关，region 本地区汇总，unknown 未说明")
    edition: str = Field(description="格式版本")
    digest: str = Field(description="全文的 SHA-256")
    published_at: datetime | None = Field(description="公布时间")
    url: str = Field(description="网页地址")
    files: dict[str, str] = Field(description="各种格式的下载地址")


class ReportPage(Schema):
    reports: list[ReportOut] = Field(description="年度报告，最新年度在前")
    next: str | None = Field(description=NEXT)


class CellOut(Schema):
    organ: str = Field(description="机关代号")
    year: int = Field(description="年度")
    key: str = Field(description="单元格代码，见 /cells/names")
    value: str | None = Field(description="数值（十进制文本，保持原精度）；不可相加的为 null")
    kind: str = Field(description="性质：数、空白、不适用、文字、读不出、缺")
    raw: str = Field(description="原文")


class CellPage(Schema):
    cells: list[CellOut] = Field(description="单元格")
    next: str | None = Field(description=NEXT)


class CellName(Schema):
    key: str = Field(description="单元格代码")
    label: str = Field(description="名称")
    table: int = Field(description="第几张表")
    unit: str = Field(description="单位")


class Problem(Schema):
    """An error: what is wrong and what to do."""

    detail: str = Field(description="哪里不对、怎样改")


#: Without control characters, which feeds, PDF files and spreadsheets cannot hold; ``Line`` without line breaks either.
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$")
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f\ufffe\uffff]*$")]


class SubmissionIn(Schema):
    """An item that another system submits."""

    model_config = {"extra": "forbid"}

    organ: Line = Field("", max_length=60, description="机关代号，不填为密钥所属的机关")
    column: Line = Field(min_length=1, max_length=40, description="栏目代码")
    title: Line = Field(min_length=1, max_length=200, description="标题")
    summary: Text = Field(min_length=1, max_length=500, description="内容概述（条例第十二条）")
    paragraphs: list[Annotated[Text, Field(min_length=1, max_length=20_000)]] = Field(
        min_length=1, max_length=500, description="正文，每段一项，纯文本"
    )
    formed_on: date = Field(description="成文日期")
    document_number: Line = Field("", max_length=60, description="发文字号")
    source: Line = Field("", max_length=120, description="信息来源，不填为系统名称")
    author: Line = Field("", max_length=60, description="撰稿")
    keywords: Line = Field("", max_length=200, description="主题词，用空格隔开")
    attachments: list[Annotated[Text, Field(min_length=1, max_length=200)]] = Field(
        default=[],
        max_length=20,
        description="附件编号，由 /submissions/files 返回；图片放在正文后面，其他作为附件",
    )
    draft: bool = Field(False, description="true 只存为草稿，不送审")


class FileOut(Schema):
    """A file that a submission may name."""

    token: str = Field(description="附件编号，填进报送的 attachments，24 小时内有效")
    name: str = Field(description="文件名")
    media_type: str = Field(description="按内容判断的类型")
    size: int = Field(description="字节数")
    sha256: str = Field(description="保存的文件的 SHA-256")


class FindingOut(Schema):
    """What stands against an item."""

    model_config = {"from_attributes": True}

    code: str = Field(
        description="incomplete 缺少必填内容，scan.种类 扫描发现，returned 审核退回的意见，sender 送审人不能送审，draft 只存为草稿"
    )
    severity: str = Field(description="block 必须处理，warn 请核对，note 提示")
    place: str = Field(description="在哪里")
    message: str = Field(description="是什么（个人信息已遮盖）")
    advice: str = Field(description="怎样改")


class SubmissionOut(Schema):
    id: int = Field(description="报送编号")
    title: str = Field(description="标题")
    organ: str = Field(description="机关代号")
    column: str = Field(description="栏目代码")
    state: str = Field(
        description="draft 草稿，review 审核中，approved 待发布，published 已公开，withdrawn 已撤回"
    )
    received_at: datetime = Field(description="收到时间")
    replayed: bool = Field(description="true 表示这份内容先前已经收到")
    review: str = Field(
        description="没有送审为空；blocked 扫描拦下，reviewing 审核中，returned 已退回，approved 审核通过，done 已办结，recalled 已撤回送审"
    )
    review_number: str = Field(description="审签单编号，没有送审为空")
    findings: list[FindingOut] = Field(description="要处理的问题；block 的处理完才能进入审核")
    url: str | None = Field(description="公开后的网址")
