"""Forms of the document desk. They collect; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from gongkai.normative.desk.fields import DocumentField, JointOrgansField
from gongkai.normative.models import (
    Attachment,
    Category,
    Document,
    Relation,
)
from gongkai.normative.rules.life import standing
from gongkai.normative.services.changing import FIXED
from gongkai.normative.services.core import settings_for
from gongkai.normative.services.relating import removable
from gongkai.organs.desk.forms import OrganChoiceField, day_field
from gongkai.organs.models import Organ

FIELDS = [
    "category", "title", "genre", "topic", "keywords", "audience", "summary", "drafter", "signer", "formed_on", "term",
    "disclosure", "disclosure_reason", "interpretation_required", "interpretation_exemption", "body",
]  # fmt: skip
BEFORE_ISSUE_ONLY = ("formed_on", "term")
WIDGETS = {
    "body": forms.Textarea(attrs={"rows": 24}),
    "summary": forms.Textarea(attrs={"rows": 3}),
    "formed_on": AdminDateInput,
}
HELP = {
    "body": "一段一行；条文以“第一条”等开头，章以“第一章”等开头，系统据此分条。",
    "drafter": "谁起草，谁解读。",
    "disclosure": "拟稿时确定，随公文一并审签。",
    "disclosure_reason": "依申请公开、不予公开的，写明理由和依据。",
    "interpretation_exemption": "规章和行政规范性文件不解读的，写明理由。",
    "term": "试行、暂行或者定有有效期的，印发时填写截止日期。",
}


class DocumentEditForm(WagtailAdminModelForm):
    """After issue a reason is asked, and what was fixed at issue is not offered."""

    joint_organs = JointOrgansField(label="联合制发机关", help_text="按住 Ctrl 可以选多个。")
    reason = forms.CharField(
        label="修改理由", max_length=300, required=False, help_text="文件印发以后修改登记，须写明理由。"
    )
    field_order = ["joint_organs"]

    class Meta:
        model = Document
        fields = FIELDS
        widgets = WIDGETS
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_issued:
            for name in (*BEFORE_ISSUE_ONLY, "joint_organs"):
                del self.fields[name]
        else:
            del self.fields["reason"]
            self.fields["joint_organs"].limit_to(self.for_user, self.instance.joint_organs.all())
            self.initial.setdefault("joint_organs", list(self.instance.joint_organs.all()))

    def changes(self) -> dict[str, Any]:
        """What was changed on the form."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in FIELDS}

    def joint(self) -> list[Organ] | None:
        """The organs that issue together, None where they are fixed."""
        return list(self.cleaned_data["joint_organs"]) if "joint_organs" in self.fields else None


class DocumentCreateForm(WagtailAdminModelForm):
    """``found``: what was read from an uploaded file, with the file held back (see ``services.held``)."""

    organ = OrganChoiceField(label="制发机关")
    joint_organs = JointOrgansField(label="联合制发机关", help_text="按住 Ctrl 可以选多个。")
    keep_as = forms.ChoiceField(
        label="读取的文件", required=False, choices=[("", "不保存"), *Attachment.Kind.choices]
    )
    field_order = ["organ", "joint_organs"]

    class Meta:
        model = Document
        fields = ["organ", *FIELDS]
        widgets = WIDGETS
        help_texts = HELP

    def __init__(self, *args: Any, found: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.found = found
        super().__init__(*args, **kwargs)
        self.fields["joint_organs"].limit_to(self.for_user)
        if not found or not found.get("file"):
            del self.fields["keep_as"]
            return
        self.initial.update(found["initial"])
        self.fields["keep_as"].initial = found["keep_as"]
        self.fields[
            "keep_as"
        ].help_text = (
            f"《{found['file']['name']}》随登记一并保存。红头文件和附件公布后供下载，过程材料只在内部查阅。"
        )


class ConsultForm(forms.Form):
    started = day_field("开始日期", today=False)
    ended = day_field("截止日期", today=False)
    channel = forms.CharField(label="渠道", max_length=100, required=False)
    opinions = forms.IntegerField(label="收到意见（条）", min_value=0, initial=0)
    adopted = forms.IntegerField(label="采纳（条）", min_value=0, initial=0)
    exempt = forms.BooleanField(label="依法不公开征求意见", required=False)
    reason = forms.CharField(
        label="理由",
        max_length=300,
        required=False,
        help_text="缩短期限或者不公开征求意见的，写明理由和依据。",
    )


class ReviewForm(forms.Form):
    received_on = day_field("收到送审材料日期", today=False)
    finished_on = day_field("审核完成日期")
    reviewer = forms.CharField(label="审核单位或者人员", max_length=60)
    opinion = forms.CharField(label="审核意见", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    passed = forms.TypedChoiceField(
        label="结论",
        choices=[("1", "审核通过"), ("", "不通过，退回修改")],
        coerce=bool,
        required=False,
        initial="1",
    )
    reason = forms.CharField(label="用时不合规定的原因", max_length=200, required=False)


class DeliberateForm(forms.Form):
    on = day_field("审议日期")
    meeting = forms.CharField(
        label="会议", max_length=100, required=False, help_text="例如：区人民政府第12次常务会议。"
    )
    exempt = forms.BooleanField(label="依法不经集体审议", required=False)
    reason = forms.CharField(label="理由", max_length=300, required=False)


class IssueForm(forms.Form):
    wants_instance = True
    on = day_field("印发日期")
    formed_on = day_field(
        "成文日期", "签发日期；联合发文的，以最后一个机关签发的日期为准。", required=False, today=False
    )
    mark = forms.ChoiceField(label="机关代字", required=False, help_text="选定后由系统顺序编号，不留空号。")
    number = forms.CharField(
        label="已有文号", max_length=60, required=False, help_text="已经编好文号的填在这里，不再自动编号。"
    )
    effective_on = day_field("施行日期", "不填为印发之日。", required=False, today=False)
    until = day_field(
        "有效期截止日期", "有效的最后一天。试行、暂行或者定有有效期的必填。", required=False, today=False
    )

    def __init__(self, *args: Any, instance: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = settings_for(instance.organ).marks.split()
        self.fields["mark"].choices = [("", "（不自动编号）"), *((m, m) for m in marks)]  # type: ignore[attr-defined]
        self.initial.setdefault("formed_on", instance.formed_on)


class PublishForm(forms.Form):
    secrecy_reviewed = forms.BooleanField(
        label="正文和附件已经保密审查，不含不宜公开的个人信息",
        error_messages={"required": "没有经过保密审查的，不能公布（条例第十七条）。"},
    )
    override = forms.CharField(
        label="仍然公布的法定理由",
        max_length=300,
        required=False,
        help_text="检查出必须处理的内容时，先改正；确需公开的，由审核人在这里写明法定理由，记入档案。",
    )


class InterpretedForm(forms.Form):
    on = day_field("解读发布日期")
    note = forms.CharField(label="解读的标题或者网址", max_length=300)


class FileForm(forms.Form):
    on = day_field("备案日期")
    organ = forms.CharField(label="备案机关", max_length=100)
    receipt = forms.CharField(label="备案号", max_length=60, required=False)


class _OnForm(forms.Form):
    """Acts upon a document in force, by another one."""

    wants_instance = True

    def __init__(self, *args: Any, instance: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "basis" in self.fields:
            self.fields["basis"].organ = instance.organ  # type: ignore[attr-defined]


class EndForm(_OnForm):
    on = day_field("自哪一天起失去效力", "这一天起不再有效。")
    basis = DocumentField(label="依据的文件", required=False)
    note = forms.CharField(
        label="说明", max_length=300, required=False, help_text="依据不在登记簿里的，写明名称和文号。"
    )


class AmendForm(_OnForm):
    on = day_field("自哪一天起适用修改后的文本")
    basis = DocumentField(label="依据的文件", required=False)
    note = forms.CharField(label="修改内容", max_length=300, help_text="例如：修改第五条、第八条。")
    body = forms.CharField(
        label="修改后的全文", required=False, widget=forms.Textarea(attrs={"rows": 20}),
        help_text="改成修改后的文本，公众可以与原文逐条比较。只登记修改事实的，保持不变。",
    )  # fmt: skip

    def __init__(self, *args: Any, instance: Document, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.text = instance.body
        self.initial.setdefault("body", instance.body)

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        return "" if body == self.text.replace("\r\n", "\n").strip() else body


class PartForm(_OnForm):
    on = day_field("自哪一天起失效")
    clauses = forms.CharField(label="失效的条款", max_length=200, help_text="例如：第五条、第九条第二款。")
    basis = DocumentField(label="依据的文件", required=False)
    note = forms.CharField(label="说明", max_length=200, required=False)


class ExtendForm(_OnForm):
    on = day_field("决定日期")
    until = day_field("延长到", "有效的最后一天；不填为不再定期限。", required=False, today=False)
    basis = DocumentField(label="依据的文件", required=False)
    note = forms.CharField(label="评估结论", max_length=300, required=False)


class RelateForm(forms.Form):
    wants_instance = True
    kind = forms.ChoiceField(
        label="关系",
        choices=Relation.Kind.choices,
        help_text="“废止”“修改”在本文件印发时自动生效，被废止的文件同时标明。",
    )
    target = DocumentField(label="登记簿中的文件", up=False, required=False)
    target_text = forms.CharField(
        label="登记簿以外的文件",
        max_length=300,
        required=False,
        help_text="上位法、上级文件等，填名称和文号。",
    )
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, instance: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].organ = instance.organ.get_root()  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="类别", choices=Attachment.Kind.choices, help_text="过程材料只在内部查阅。"
    )
    file = forms.FileField(label="文件")


class _TakeBackForm(forms.Form):
    """Chooses one of what hangs on the document, with the reason."""

    wants_instance = True
    chosen = forms.ModelChoiceField(label="", queryset=None, empty_label="（请选择）")
    reason = forms.CharField(label="理由", max_length=300)

    def __init__(self, *args: Any, instance: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = self.choices_of(instance)  # type: ignore[attr-defined]

    def choices_of(self, document: Document) -> Any:
        raise NotImplementedError


class RemoveFileForm(_TakeBackForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].label = "要移除的附件"

    def choices_of(self, document: Document) -> Any:
        return document.files.all()


class UnrelateForm(_TakeBackForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].label = "要取消的关系"

    def choices_of(self, document: Document) -> Any:
        return removable(document).select_related("target")


class StrikeForm(forms.Form):
    wants_instance = True
    event = forms.ModelChoiceField(label="要撤销的记录", queryset=None, empty_label="（请选择）")
    reason = forms.CharField(label="理由", max_length=300)

    def __init__(self, *args: Any, instance: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(instance.events.order_by("pk"))
        open_ones = {e.id for e in standing(row.as_life() for row in rows) if e.act not in FIXED}
        self.fields["event"].queryset = instance.events.filter(pk__in=open_ones)  # type: ignore[attr-defined]


class RegisterForm(forms.Form):
    """补登 of a document issued before."""

    organ = OrganChoiceField(label="制发机关")
    category = forms.ChoiceField(label="类别", choices=Category.choices, initial=Category.NORMATIVE)
    title = forms.CharField(label="标题", max_length=300)
    number = forms.CharField(label="发文字号", max_length=60, required=False)
    formed_on = day_field("成文日期", required=False, today=False)
    issued_on = day_field("印发日期", today=False)
    effective_on = day_field("施行日期", required=False, today=False)
    published_on = day_field("公布日期", "已经向社会公布的填写。", required=False, today=False)
    until = day_field("有效期截止日期", required=False, today=False)
    amended_on = day_field(
        "修改日期", "最近一次修改开始适用的日期；正文填修改后的文本。", required=False, today=False
    )
    amend_note = forms.CharField(label="修改说明", max_length=300, required=False)
    ended_on = day_field("失去效力日期", "已经废止或者宣布失效的填写。", required=False, today=False)
    end_act = forms.ChoiceField(
        label="失去效力方式",
        required=False,
        choices=[("", "（仍然有效）"), ("repealed", "废止"), ("declared_void", "宣布失效")],
    )
    end_note = forms.CharField(label="失去效力的依据", max_length=300, required=False)
    body = forms.CharField(
        label="正文", required=False, widget=forms.Textarea(attrs={"rows": 12}), help_text=HELP["body"]
    )


class ImportForm(forms.Form):
    file = forms.FileField(label="登记簿（xlsx）")
    really = forms.BooleanField(
        label="正式导入", required=False, help_text="不勾选为试导入：只检查并列出不能导入的行，不写入登记簿。"
    )


class ReadForm(forms.Form):
    file = forms.FileField(label="Word（docx）或者 PDF 文件")
