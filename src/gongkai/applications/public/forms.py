"""The application form, and the small forms of an opened case. All checks are on the server; each says what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from gongkai.applications.public import identity, uploads
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import APPLICANT_LABELS, ApplicantKind, Channel
from gongkai.organs.validators import validate_email, validate_phone, validate_postcode

MORE_ITEMS = 4
FORMS_WANTED = ("纸质", "电子文件", "光盘或者磁盘", "当场查阅、抄录", "不限")
ROUTES_WANTED = ("邮寄", "电子邮件", "在本网站下载", "当面领取", "传真", "不限")
KIND_CHOICES = [(kind.value, APPLICANT_LABELS[kind]) for kind in ApplicantKind]
KIND_HINTS = {
    "natural": "个人以自己的名义申请",
    "business": "公司、个体工商户等",
    "research": "高校、研究院所等",
    "welfare": "慈善组织、社会团体等",
    "legal_service": "律师事务所、公证机构等",
    "other": "其他法人或者组织",
}
#: Field names of a group that matter only for persons, and only for organisations.
PERSON_FIELDS = ("name", "identity_type", "identity_number")
ORGANISATION_FIELDS = ("org_name", "credit_code", "representative", "contact_person")


def _text(label: str, *, limit: int = 200, hint: str = "", auto: str = "off", required: bool = False, **attrs: Any) -> forms.CharField:  # fmt: skip
    widget_attrs = {"autocomplete": auto, **attrs}
    return forms.CharField(
        label=label,
        required=required,
        max_length=limit,
        help_text=hint,
        widget=forms.TextInput(attrs=widget_attrs),
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}最多 {limit} 个字。"},
    )


def _area(
    label: str, rows: int, hint: str = "", *, limit: int = 3000, required: bool = False
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=limit,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}最多 {limit} 个字，请精简，或者写成附件上传。"},
    )  # fmt: skip


def _radio(label: str, choices: tuple[str, ...], hint: str = "", missing: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(word, word) for word in choices],
        widget=forms.RadioSelect,
        required=bool(missing),
        help_text=hint,
        error_messages={"required": missing, "invalid_choice": f"请从列出的选项里选择{label}。"},
    )


class PublicForm(forms.Form):
    """Errors in one list with the field each belongs to, for the summary on top of the page."""

    error_css_class = "has-error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # The browser's own bubbles show one error at a time and cannot be styled for large text.
        self.use_required_attribute = False

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field to go to, sentence), in the order of the form; what concerns no field comes first."""
        if not self.is_bound:
            return []
        out = [("", str(text)) for text in self.non_field_errors()]
        for field in self:
            target = f"{field.id_for_label or field.auto_id}"
            out += [(target, str(text)) for text in field.errors]
        return out


class ApplyForm(PublicForm):
    """The form of article 29: who, what, in which form; one page for persons and organisations."""

    kind = forms.ChoiceField(
        label="申请人是",
        choices=KIND_CHOICES,
        widget=forms.RadioSelect,
        initial="natural",
        error_messages={
            "required": "请选择申请人类别。",
            "invalid_choice": "请从列出的类别里选择申请人类别。",
        },
    )
    name = _text("姓名", limit=60, auto="name")
    identity_type = forms.ChoiceField(
        label="证件类型", choices=[(word, word) for word in identity.IDENTITY_TYPES], required=False
    )
    identity_number = _text(
        "证件号码",
        limit=40,
        hint="只用来确认申请人身份，加密保存。",
        autocapitalize="characters",
        spellcheck="false",
    )
    org_name = _text("单位名称", limit=120, auto="organization", hint="与登记证书一致的全称。")
    credit_code = _text(
        "统一社会信用代码",
        limit=30,
        hint="18 位，见营业执照或者登记证书。",
        autocapitalize="characters",
        spellcheck="false",
    )
    representative = _text("法定代表人或者负责人", limit=60)
    contact_person = _text("联系人", limit=60, auto="name")

    phone = _text(
        "联系电话",
        limit=60,
        auto="tel",
        inputmode="tel",
        hint="手机或者座机，例如 13900000000、0953-2012345。",
    )
    email = _text("电子邮箱", limit=120, auto="email", inputmode="email")
    address = _text("通信地址", limit=200, auto="street-address", hint="选择邮寄时必填，写到门牌号。")
    postcode = _text("邮政编码", limit=10, auto="postal-code", inputmode="numeric")

    agent_name = _text("代理人姓名", limit=60)
    agent_identity_number = _text(
        "代理人居民身份证号码", limit=30, autocapitalize="characters", spellcheck="false"
    )
    agent_phone = _text("代理人电话", limit=60, inputmode="tel")

    description = _area(
        "所需政府信息的内容描述",
        6,
        "写文件名称最清楚；不知道名称的，写事情、地点、大概时间。例如“2025年某村土地征收补偿安置方案”。不需要说明用途。",
        required=True,
    )
    reference = _text(
        "文号或者其他特征", limit=300, hint="知道才填，例如“利政发〔2025〕3号”，或者发布时间、载体。"
    )
    item_2 = _area("第二件信息", 3)
    item_3 = _area("第三件信息", 3)
    item_4 = _area("第四件信息", 3)
    item_5 = _area("第五件信息", 3)

    form_wanted = _radio(
        "提供形式",
        FORMS_WANTED,
        "按申请的形式提供确有困难的，机关会换一种适当的形式。",
        "请选择希望以什么形式提供。",
    )
    route_wanted = _radio("获取途径", ROUTES_WANTED, "", "请选择希望怎样取得。")
    electronic_service = forms.BooleanField(
        label="同意以电子方式送达",
        required=False,
        help_text="答复书和其他通知可以在本网站的进度页下载，或者发到您填写的邮箱。不选的，按邮寄或者当面领取送达。",
    )
    assistance = _area(
        "需要的协助", 2, "阅读有困难，或者视力、听力有障碍的，写下需要什么帮助，机关应当提供。", limit=200
    )

    #: As on the page, so that the list of errors is read in the order of the fields.
    field_order = (
        "description", "reference", "item_2", "item_3", "item_4", "item_5", "form_wanted", "route_wanted",
        "electronic_service", "assistance", "kind", "name", "identity_type", "identity_number", "org_name", "credit_code",
        "representative", "contact_person", "phone", "email", "address", "postcode", "agent_name", "agent_identity_number",
        "agent_phone",
    )  # fmt: skip

    def clean_identity_number(self) -> str:
        return identity.normal(self.cleaned_data["identity_number"])

    def clean_credit_code(self) -> str:
        return identity.normal(self.cleaned_data["credit_code"])

    def clean_agent_identity_number(self) -> str:
        return identity.normal(self.cleaned_data["agent_identity_number"])

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def clean_agent_phone(self) -> str:
        return _phone(self.cleaned_data["agent_phone"])

    def clean_email(self) -> str:
        value = _narrow(self.cleaned_data["email"])
        if value:
            validate_email(value)
        return value

    def clean_postcode(self) -> str:
        value = _narrow(self.cleaned_data["postcode"])
        if value:
            validate_postcode(value)
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind", "natural")
        if kind == "natural":
            self._drop(ORGANISATION_FIELDS)
            self._clean_person(data)
        else:
            self._drop(PERSON_FIELDS)
            self._clean_organisation(data)
        self._clean_contact(data)
        self._clean_agent(data)
        return data

    def _drop(self, names: tuple[str, ...]) -> None:
        """What stands in the group that does not apply is no error; it is kept in the draft and not filed."""
        for name in names:
            self._errors.pop(name, None)  # type: ignore[union-attr]

    def _need(self, data: dict[str, Any], name: str, words: str) -> bool:
        if name in self.errors:
            return False
        if not (data.get(name) or "").strip():
            self.add_error(name, words)
            return False
        return True

    def _check(self, name: str, check: Any, *args: Any) -> None:
        try:
            check(*args)
        except ValidationError as problem:
            self.add_error(name, problem)

    def _clean_person(self, data: dict[str, Any]) -> None:
        self._need(data, "name", "请填写申请人姓名。")
        if self._need(data, "identity_number", "请填写证件号码（条例第二十九条要求有身份证明）。"):
            kind = data.get("identity_type") or identity.ID_CARD
            self._check("identity_number", identity.validate_identity, kind, data["identity_number"])

    def _clean_organisation(self, data: dict[str, Any]) -> None:
        self._need(data, "org_name", "请填写单位名称。")
        if self._need(data, "credit_code", "请填写统一社会信用代码（条例第二十九条要求有身份证明）。"):
            self._check("credit_code", identity.validate_organisation_code, data["credit_code"])
        self._need(data, "contact_person", "请填写联系人，便于机关确认收到。")

    def _clean_contact(self, data: dict[str, Any]) -> None:
        ways = ("phone", "email", "address")
        if not any(data.get(name) or name in self.errors for name in ways):
            self.add_error("phone", "请至少留一种联系方式：电话、邮箱或者通信地址。")
        if data.get("route_wanted") == "邮寄":
            self._need(data, "address", "选择了邮寄，请填写通信地址。")
        if data.get("route_wanted") == "电子邮件":
            self._need(data, "email", "选择了电子邮件，请填写电子邮箱。")

    def _clean_agent(self, data: dict[str, Any]) -> None:
        names = ("agent_name", "agent_identity_number", "agent_phone")
        if not any(data.get(name) for name in names):
            return
        self._need(data, "agent_name", "请填写代理人姓名；没有代理人的，请把代理人一栏全部清空。")
        if self._need(data, "agent_identity_number", "请填写代理人的居民身份证号码。"):
            self._check("agent_identity_number", identity.validate_id_card, data["agent_identity_number"])

    def has_agent(self) -> bool:
        return bool(self.cleaned_data.get("agent_name"))

    def applicant(self) -> ApplicantData:
        """The applicant as the services take it. Call on a valid form."""
        data = self.cleaned_data
        person = data["kind"] == "natural"
        return ApplicantData(
            kind=ApplicantKind(data["kind"]),
            name=" ".join(data["name" if person else "org_name"].split()),
            identity_type=data["identity_type"] or identity.ID_CARD if person else "统一社会信用代码",
            identity_number=data["identity_number" if person else "credit_code"],
            representative="" if person else data["representative"],
            contact_person="" if person else data["contact_person"],
            **{
                name: data[name]
                for name in ("phone", "email", "address", "postcode", "agent_name", "agent_identity_number", "agent_phone")
            },
        )  # fmt: skip

    def filing(self) -> Filing:
        """What is asked for as the services take it. Call on a valid form."""
        data = self.cleaned_data
        items = [data["description"].strip()]
        items += [text for n in range(2, MORE_ITEMS + 2) if (text := data[f"item_{n}"].strip())]
        description = (
            items[0] if len(items) == 1 else "\n".join(f"{n}. {text}" for n, text in enumerate(items, 1))
        )
        return Filing(
            channel=Channel.ONLINE,
            description=description,
            reference=data["reference"],
            form_wanted=data["form_wanted"],
            route_wanted=data["route_wanted"],
            assistance=" ".join(data["assistance"].split()),
            items=tuple(items) if len(items) > 1 else (),
            envelope={"electronic_service": "同意电子送达"} if data["electronic_service"] else {},
        )

    def to_draft(self) -> dict[str, Any]:
        """What was typed, as it was typed."""
        return {name: self.data.get(name, "") for name in self.fields if self.data.get(name)}


def _narrow(text: str) -> str:
    import unicodedata

    return "".join(unicodedata.normalize("NFKC", text).split())


def _phone(text: str) -> str:
    value = _narrow(text)
    if value:
        validate_phone(value)
    return value


class TrackForm(PublicForm):
    """Receipt number and query code."""

    receipt = _text(
        "回执号",
        limit=30,
        required=True,
        hint="8 位日期加 6 位字母和数字，例如 20260420AB23CD。",
        autocapitalize="characters",
        spellcheck="false",
    )
    code = _text(
        "查询码",
        limit=30,
        required=True,
        hint="提交时给您的 10 位字母和数字，大小写、空格和横线都不影响。",
        autocapitalize="characters",
        spellcheck="false",
    )


class StatementForm(PublicForm):
    """Words and files that answer what the organ asked."""

    text = _area("内容", 6, required=True)
    excuse = _text("逾期的正当理由", limit=300)

    def __init__(self, *args: Any, label: str, hint: str = "", optional: bool = False, late: bool = False, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = hint
        self.fields["text"].required = not optional
        self.fields["text"].error_messages["required"] = f"请填写{label}。"
        if late:
            self.fields["excuse"].required = True
            self.fields["excuse"].error_messages["required"] = (
                "补正期限已过，请写明逾期的正当理由（条例第三十条）。"
            )
        else:
            del self.fields["excuse"]


SCORES = ((5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意"))


class RatingForm(PublicForm):
    """What the applicant thought of the service."""

    score = forms.TypedChoiceField(
        label="对这次办理是否满意",
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。", "invalid_choice": "请从列出的五项里选择。"},
    )
    text = _area("意见和建议（可以不填）", 3, limit=1000)


class ContactForm(PublicForm):
    """New contact details."""

    phone = _text("新的联系电话", limit=60, auto="tel", inputmode="tel")
    email = _text("新的电子邮箱", limit=120, auto="email", inputmode="email")
    address = _text("新的通信地址", limit=200, auto="street-address")
    postcode = _text("新的邮政编码", limit=10, auto="postal-code", inputmode="numeric")

    clean_phone = ApplyForm.clean_phone
    clean_email = ApplyForm.clean_email
    clean_postcode = ApplyForm.clean_postcode

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            self.add_error("phone", "请至少填写一项新的联系方式。")
        return data

    def text(self) -> str:
        """The request in words for the officer."""
        return "；".join(
            f"{self.fields[name].label}：{value}" for name, value in self.cleaned_data.items() if value
        )


UPLOAD_WORDS = uploads.WORDS
