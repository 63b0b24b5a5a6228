"""Letters and files of the demonstration's cases: every kind of letter once, drafted, reviewed, signed and served like any other.

A letter is kept as its frozen text; its PDF is set when somebody asks for it, so the first start stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import transaction

from gongkai.applications.letters.delivery import deliver_letter, service_receipt
from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.kinds import LETTER_KINDS, answer_key, decision_in_force
from gongkai.applications.letters.layout import sample_sheet
from gongkai.applications.letters.pdf import pdf_of
from gongkai.applications.letters.services import (
    draft_letter,
    review_letter,
    sign_letter,
    submit_letter,
    update_letter,
)
from gongkai.applications.models import Application, CaseFile, FileKind, Letter
from gongkai.applications.redaction import find_blocks
from gongkai.applications.redaction.service import make_redacted
from gongkai.applications.selectors import state_of
from gongkai.applications.services.files import store_file
from gongkai.law.case import (
    CoMakerConsulted,
    Event,
    Kind,
    OrganConsulted,
    Served,
    ServiceWay,
    Signed,
    ThirdPartyConsulted,
)
from gongkai.organs.scope import SYSTEM

#: The letters that go with a step.
WITH: dict[Kind, tuple[str, ...]] = {
    Kind.RECEIVED: ("receipt",),
    Kind.CORRECTION_REQUESTED: ("correction",),
    Kind.REASONS_ASKED: ("reasons",),
    Kind.REASONABLE_PERIOD_SET: ("reasonable_delay",),
    Kind.EXTENDED: ("extension",),
    Kind.THIRD_PARTY_CONSULTED: ("third_party", "third_party_reply", "consultation_notice"),
    Kind.THIRD_PARTY_NOTIFIED: ("third_party_decision",),
    Kind.CO_MAKER_CONSULTED: ("co_maker",),
    Kind.ORGAN_CONSULTED: ("assistance",),
    Kind.FEE_NOTICED: ("fee",),
    Kind.CORRECTION_LAPSED: ("other_uncorrected.usual",),
    Kind.FEE_LAPSED: ("other_unpaid.usual",),
    Kind.WITHDRAWN: ("other_other.withdrawn",),
    Kind.SERVICE_FAILED: ("public_notice",),
    Kind.REOPENED: ("reopening",),
    Kind.SERVED: ("rectification",),
}
#: Letters of which one or two are enough to be seen.
FEW = frozenset({"receipt", "register_form", "service_receipt", "rectification", "third_party_reply"})
#: What the case's own record says better than a sample.
KNOWN = frozenset(
    {
        "申请内容", "补正事项", "检索情况", "延期理由", "公开内容", "公开理由", "第三方", "共同制作机关", "协办单位",
        "视为放弃的记录", "重新办理依据",
    }
)  # fmt: skip
#: Where the sample of a field fits another outcome better: what the drafter of this one says.
SAID: dict[str, dict[str, str]] = {
    "refused_law": {"理由": "所申请的是统计调查中能够识别单个调查对象的原始资料，任何单位和个人不得对外提供、泄露。"},
    "refused_internal": {
        "内部事务类别": "后勤管理",
        "理由": "所申请的是本机关车辆调度和后勤采购的内部审批记录，不影响公民、法人和其他组织的权利义务。",
    },
    "refused_safety": {"理由": "所申请的信息载明重点设施的位置和防护安排，公开后可能危及公共安全。"},
    "declined_petition": {"理由": "来件要求对有关行为进行查处并答复处理结果，没有指向已经形成的政府信息。"},
    "declined_excessive": {"理由": "说明的理由为一般了解工作情况，与申请的数量、频次明显不相称。"},
    "declined_confirm": {"理由": "来件要求对此前已经提供的信息是否有效重新确认并加盖公章，没有提出新的信息公开申请。"},
}  # fmt: skip
_COVERED = "示例人一"
_TEXT = (
    "本方案适用于演示项目，补偿标准按照公布的区片综合地价执行。\n"
    f"安置户：{_COVERED}。\n以上内容均为演示数据，不指向任何真实的人或者事。"
)


@lru_cache(maxsize=2)
def _original(title: str) -> bytes:
    return pdf_of([sample_sheet(title, _TEXT, "演示单位")])


@lru_cache(maxsize=1)
def _redacted() -> bytes:
    data = _original("补偿安置方案（演示）")
    return make_redacted(data, "pdf", find_blocks(data, _COVERED, "refused_third_party"))


@dataclass
class Papers:
    """Writes the letters while a story is put on record."""

    made: dict[str, int] = field(default_factory=dict)

    def takes(self, desk: Any, case: Application, event: Event) -> bool:
        """Signing and serving an answer are done through its letter; False where there is none for this step."""
        with transaction.atomic():
            if isinstance(event, Signed):
                return self._sign(desk, case, event)
            if isinstance(event, Served):
                return self._serve(desk, case, event)
        return False

    def follow(self, desk: Any, case: Application, event: Event) -> None:
        """The letters that go with a step just recorded; what the case does not call for is left out."""
        keys = WITH.get(event.kind, ())
        if event.kind is Kind.RECEIVED:
            keys = (*keys, "register_form")
            self._attach(case)
        for key in keys:
            if key in FEW and self.made.get(key, 0) >= 2:
                continue
            if LETTER_KINDS[key].why_not(state_of(case, event.on)):
                continue  # this case does not call for it
            with transaction.atomic():
                self._issue(desk, case, key, event)

    def _attach(self, case: Application) -> None:
        if case.channel == "online" and self.made.setdefault("attached", 0) < 3:
            self.made["attached"] += 1
            data = _original("申请补充说明（演示）")
            store_file(None, case, FileKind.REQUEST, data, name="申请补充说明.pdf")

    def _issue(self, desk: Any, case: Application, key: str, event: Event) -> Letter:
        consulted = isinstance(event, ThirdPartyConsulted | CoMakerConsulted | OrganConsulted)
        about = event.letter if consulted else ""  # type: ignore[attr-defined]
        letter = self._signed(desk, case, key, event.on, about)
        # A consultation's receipt is a step of the story itself.
        if key in ("correction", "fee", "extension", "reasons") and letter.state == Letter.State.SIGNED:
            deliver_letter(desk.handler, letter, way=ServiceWay.DIRECT, on=event.on, today=event.on)
        return letter

    def _signed(self, desk: Any, case: Application, key: str, on: date, about: str = "") -> Letter:
        kind = LETTER_KINDS[key]
        said = SAID.get(key.partition(".")[0], {})
        values = {name: said.get(name, FIELDS[name].sample) for name in kind.asks if name not in KNOWN}
        letter = draft_letter(desk.handler, case, key, today=on, values=values, about=about)
        if key == "partial.usual":
            update_letter(desk.handler, letter, attachments=[self._copy(case)], today=on)
        submit_letter(desk.handler, letter, today=on)
        if letter.state == Letter.State.REVIEW:
            review_letter(desk.signer, letter, passed=True)
        if letter.state == Letter.State.SIGN:
            sign_letter(desk.signer, letter, today=on)
        self.made[key] = self.made.get(key, 0) + 1
        return letter

    def _copy(self, case: Application) -> CaseFile:
        source = store_file(
            SYSTEM, case, FileKind.SOURCE, _original("补偿安置方案（演示）"), name="补偿安置方案.pdf"
        )
        ground = {
            "key": "refused_third_party",
            "article": "条例第十五条",
            "label": "保护第三方合法权益",
            "count": 1,
        }
        return store_file(
            SYSTEM, case, FileKind.REDACTED, _redacted(), name="区分处理后的信息 1.pdf",
            detail={"grounds": [ground]}, derived_from=source,
        )  # fmt: skip

    def _sign(self, desk: Any, case: Application, event: Signed) -> bool:
        decision = decision_in_force(state_of(case, event.on))
        if decision is None:
            return False
        self._signed(desk, case, answer_key(decision.outcome, decision.variant), event.on)
        return True

    def _serve(self, desk: Any, case: Application, event: Served) -> bool:
        letter = (
            case.letters.filter(state=Letter.State.SIGNED, kind__contains=".").order_by("pk").last()  # type: ignore[attr-defined]
        )
        if letter is None or not LETTER_KINDS[letter.kind].is_answer:
            return False
        deliver_letter(
            desk.handler, letter, way=event.way, on=event.on, carrier=event.carrier, tracking=event.tracking,
            place="申请人填写的地址" if event.way is ServiceWay.POST else "", today=event.on,
        )  # fmt: skip
        if self.made.get("service_receipt", 0) < 2:
            service_receipt(desk.handler, letter, today=event.on)
            self.made["service_receipt"] = self.made.get("service_receipt", 0) + 1
        return True
