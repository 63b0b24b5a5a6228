"""收件登记 on one page: what the clerk types, and what it means."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from gongkai.applications.models import FileKind
from gongkai.applications.policies import MODULE
from gongkai.applications.public.forms import FORMS_WANTED, ROUTES_WANTED
from gongkai.applications.public.identity import IDENTITY_TYPES, normal, validate_identity
from gongkai.applications.services.assignment import handlers
from gongkai.applications.services.files import check_upload
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.applications.services.intake import Intake, needs_confirmation
from gongkai.applications.themes import THEME_CHOICES
from gongkai.law.case import APPLICANT_LABELS, CHANNEL_LABELS, ApplicantKind, Channel
from gongkai.organs.desk.forms import OrganChoiceField
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ

#: In the order in which they come over the counter; web filings enter by themselves.
CHANNELS: Final = (
    Channel.SIGNED_MAIL, Channel.ORDINARY_MAIL, Channel.COUNTER, Channel.ORAL, Channel.FAX, Channel.EMAIL, Channel.ONLINE,
)  # fmt: skip
#: What the one date means, by channel (条例第三十一条).
DAY_LABELS: Final = {
    Channel.COUNTER: "当面提交之日",
    Channel.ORAL: "口头提出之日",
    Channel.SIGNED_MAIL: "本机关签收之日",
    Channel.ORDINARY_MAIL: "信函到达之日",
    Channel.FAX: "收到传真之日",
    Channel.EMAIL: "收到邮件之日",
    Channel.ONLINE: "网上提交之日",
}
EVIDENCE: Final = ("电话", "短信", "电子邮件", "网上回执", "当面", "其他方式")
APPLICANT_FIELDS: Final = (
    "name", "identity_type", "identity_number", "representative", "contact_person", "phone", "email", "address",
    "postcode", "agent_name", "agent_identity_number", "agent_phone",
)  # fmt: skip
FILING_FIELDS: Final = (
    "description",
    "reference",
    "purpose_note",
    "form_wanted",
    "route_wanted",
    "assistance",
)
FILE_FIELDS: Final = {
    "scan": FileKind.REQUEST,
    "identity_scan": FileKind.IDENTITY,
    "authority_scan": FileKind.AUTHORITY,
}


class DayInput(forms.DateInput):
    """The browser's own date field: digits by keyboard, a calendar for the mouse."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Several uploads, each checked by its content before anything is saved."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = [u for u in (data if isinstance(data, (list, tuple)) else [data]) if u]
        problems: list[str] = []
        for upload in uploads:
            super().clean(upload, initial)
            try:
                check_upload(upload)
            except ValidationError as error:
                problems += [f"{upload.name}：{message}" for message in error.messages]
            upload.seek(0)
        if problems:
            raise ValidationError(problems)
        return uploads


def _line(label: str, limit: int, hint: str = "", required: bool = False, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
        error_messages={"required": f"请填写{label}。"},
    )


def _pick(label: str, words: tuple[str, ...], empty: str = "（未写明）") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", empty), *((word, word) for word in words)], required=False
    )


class IntakeForm(forms.Form):
    """Only what makes a case a case is required: channel, day, name, description. What article 29 wants besides can be
    asked for by correction (条例第三十条), so its absence must not keep a letter from being registered."""

    organ = OrganChoiceField(label="受理机关", error_messages={"required": "请选择受理机关。"})
    channel = forms.ChoiceField(
        label="渠道",
        choices=[(c.value, CHANNEL_LABELS[c]) for c in CHANNELS],
        widget=forms.RadioSelect,
        initial=Channel.SIGNED_MAIL.value,
        error_messages={"required": "请选择申请是怎样送来的。"},
    )
    happened_on = forms.DateField(
        label="到达日期",
        widget=DayInput,
        help_text="当面、口头：提出之日；需签收的邮寄：签收之日；平常信函：到达之日；传真、电子邮件：收到之日。",
        error_messages={"required": "请填写到达日期。", "invalid": "日期写成 2026-11-30 的样子。"},
    )
    confirmed_on = forms.DateField(
        label="与申请人确认之日",
        widget=DayInput,
        required=False,
        help_text="平常信函、传真、电子邮件、网上申请填写；还没有确认的留空，件会列入“待确认”。",
        error_messages={"invalid": "日期写成 2026-11-30 的样子。"},
    )
    evidence = _line("确认的方式和凭据", 200, "例如：电话联系，本人接听。不必抄写号码。")
    postmark = forms.DateField(
        label="邮戳日期",
        widget=DayInput,
        required=False,
        error_messages={"invalid": "日期写成 2026-11-30 的样子。"},
    )
    mail_number = _line("挂号或者 EMS 单号", 40, autocapitalize="characters", spellcheck="false")
    sender = _line("寄件人（照信封）", 200, "与申请人不同时才填。")
    scan = ManyFilesField(label="申请材料扫描件", required=False)
    identity_scan = ManyFilesField(label="身份证明扫描件", required=False)
    authority_scan = ManyFilesField(label="授权委托书扫描件", required=False)

    kind = forms.ChoiceField(
        label="申请人类别",
        choices=[(k.value, APPLICANT_LABELS[k]) for k in ApplicantKind],
        widget=forms.RadioSelect,
        initial=ApplicantKind.NATURAL.value,
    )
    name = _line("姓名或者单位名称", 120, required=True)
    identity_type = _pick("证件类型", (*IDENTITY_TYPES, "统一社会信用代码"), "（未提供）")
    identity_number = _line("证件号码", 40, "加密保存，列表和导出中不出现。", autocapitalize="characters", spellcheck="false")  # fmt: skip
    phone = _line("联系电话", 60, inputmode="tel")
    address = _line("通信地址", 200)
    postcode = _line("邮政编码", 10, inputmode="numeric")
    email = _line("电子邮箱", 120, inputmode="email")
    representative = _line("法定代表人", 60)
    contact_person = _line("联系人", 60)
    agent_name = _line("代理人姓名", 60)
    agent_identity_number = _line("代理人证件号码", 40, autocapitalize="characters", spellcheck="false")
    agent_phone = _line("代理人电话", 60, inputmode="tel")

    description = forms.CharField(
        label="所需信息的内容描述",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="照申请书录入。几件互不相干的事，登记后用“拆分”分成几件。",
        error_messages={"required": "请录入申请公开的内容。"},
    )
    reference = _line("文号或者其他特征", 300)
    items = forms.CharField(
        label="分项（每行一项）",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="申请书自己列了几项的，逐行录入，答复时逐项对应。",
    )
    form_wanted = _pick("提供形式", FORMS_WANTED)
    route_wanted = _pick("获取途径", ROUTES_WANTED)
    assistance = _line("需要的协助", 200, "阅读有困难、视力或者听力有障碍的，写明需要什么帮助。")
    purpose_note = _line("补充说明", 400)
    theme = forms.ChoiceField(
        label="主题", choices=[("", "（按内容自动归类）"), *THEME_CHOICES], required=False
    )

    register = forms.BooleanField(label="同时登记编号", required=False, initial=True)
    handler = forms.ChoiceField(label="承办人", required=False)
    checked = forms.BooleanField(label="已核对，不是重复登记", required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        organs = Organ.objects.filter(
            scope_of(user).condition("", MODULE, ["add"]), status=Organ.Status.ACTIVE
        )
        self.fields["organ"].queryset = organs.order_by("path")  # type: ignore[attr-defined]
        if not self.is_bound:
            home = home_organ(user)
            self.initial.setdefault("organ", home if home in organs else organs.order_by("path").first())
            self.initial.setdefault("happened_on", timezone.localdate())
        self._offer_handlers(organs)

    def _offer_handlers(self, organs: Any) -> None:
        chosen = self.data.get("organ") if self.is_bound else self.initial.get("organ")
        organ = chosen if isinstance(chosen, Organ) else None
        if organ is None and str(chosen or "").isdecimal():
            organ = organs.filter(pk=chosen).first()
        self.people = {str(user.pk): (user, label) for user, label in handlers(organ)} if organ else {}
        options = [(pk, label) for pk, (_, label) in self.people.items()]
        self.fields["handler"].choices = [("", "（稍后分派）"), *options]  # type: ignore[attr-defined]
        if not self.is_bound and str(self.user.pk) in self.people:
            self.initial.setdefault("handler", str(self.user.pk))

    def clean_identity_number(self) -> str:
        return normal(self.cleaned_data["identity_number"])

    def clean_agent_identity_number(self) -> str:
        return normal(self.cleaned_data["agent_identity_number"])

    def clean_mail_number(self) -> str:
        return normal(self.cleaned_data["mail_number"])

    def clean_items(self) -> tuple[str, ...]:
        return tuple(
            " ".join(line.split()) for line in self.cleaned_data["items"].splitlines() if line.strip()
        )

    def clean_handler(self) -> Any:
        found = self.people.get(self.cleaned_data["handler"])
        return found[0] if found else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        today = timezone.localdate()
        for name in ("happened_on", "confirmed_on", "postmark"):
            if data.get(name) and data[name] > today:
                self.add_error(name, "日期晚于今天，请核对。")
        if data.get("postmark") and data.get("happened_on") and data["postmark"] > data["happened_on"]:
            self.add_error("postmark", "邮戳日期晚于到达日期，请核对。")
        if (
            data.get("confirmed_on")
            and "channel" in data
            and not needs_confirmation(Channel(data["channel"]))
        ):
            data["confirmed_on"] = None
        if data.get("confirmed_on") and not data.get("evidence", "").strip():
            self.add_error("evidence", "请写明怎样与申请人确认的，例如电话、短信。")
        return data

    def applicant(self) -> ApplicantData:
        """The applicant as typed (from cleaned data, blanks where a field failed)."""
        data = self.cleaned_data
        kind = ApplicantKind(data.get("kind") or ApplicantKind.NATURAL)
        return ApplicantData(kind, **{name: data.get(name) or "" for name in APPLICANT_FIELDS})

    def warnings(self) -> list[str]:
        """What looks like a slip but may stand so on the paper."""
        data, found = self.cleaned_data, []
        number = data.get("identity_number")
        if number and data.get("identity_type") in IDENTITY_TYPES:
            try:
                validate_identity(data["identity_type"], number)
            except ValidationError as error:
                found += [
                    f"{message} 申请书上就是这样写的，可以照录，必要时要求补正。"
                    for message in error.messages
                ]
        if data.get("agent_name") and not data.get("authority_scan"):
            found.append("有代理人的，应当有授权委托书和双方身份证明；没有的，可以要求补正（条例第三十条）。")
        if data.get("name") and not number:
            found.append("没有身份证明的，可以要求补正（条例第二十九条、第三十条）。")
        return found

    def intake(self, files: list[tuple[str, Any]]) -> Intake:
        """What the service takes in."""
        data = self.cleaned_data
        envelope = {
            "postmark": data["postmark"].isoformat() if data.get("postmark") else "",
            "mail_number": data.get("mail_number", ""),
        }
        filing = Filing(
            channel=Channel(data["channel"]),
            items=data.get("items") or (),
            envelope={key: value for key, value in envelope.items() if value},
            **{name: data.get(name) or "" for name in FILING_FIELDS},
        )
        return Intake(
            organ=data["organ"],
            applicant=self.applicant(),
            filing=filing,
            happened_on=data["happened_on"],
            confirmed_on=data.get("confirmed_on"),
            evidence=data.get("evidence", ""),
            sender=data.get("sender", ""),
            theme=data.get("theme", ""),
            register=data.get("register", False),
            handler=data.get("handler"),
            files=files,
        )


class ConfirmForm(forms.Form):
    """One line of 待确认: everything has a default, so that one click does it."""

    way = forms.ChoiceField(label="确认方式", choices=[(word, word) for word in EVIDENCE])
    note = forms.CharField(label="凭据", max_length=150, required=False)
    confirmed_on = forms.DateField(label="确认之日", widget=DayInput)
    register = forms.BooleanField(label="同时登记编号", required=False, initial=True)
    handler = forms.ChoiceField(label="承办人", required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user, _ in people}
        options = [(str(user.pk), label) for user, label in people]
        self.fields["handler"].choices = [("", "（稍后分派）"), *options]  # type: ignore[attr-defined]

    def clean_handler(self) -> Any:
        return self.people.get(self.cleaned_data["handler"])

    def evidence(self) -> str:
        """How it was confirmed, in one line."""
        note = self.cleaned_data["note"].strip()
        return f"{self.cleaned_data['way']}确认{'：' + note if note else ''}"
