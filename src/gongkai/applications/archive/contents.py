"""What belongs into a case's file, in the order of 卷内目录; read in a fixed number of queries."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from gongkai.applications.letters.freeze import digest_of
from gongkai.applications.letters.kinds import LETTER_KINDS
from gongkai.applications.models import Application, CaseFile, Delivery, EventRecord, FileKind, Letter
from gongkai.applications.services.acts import GENESIS, verify_chain

#: Sections of the file: what it is about, what was done, what was handed in, worked with, answered, delivered.
SECTIONS: dict[str, tuple[FileKind, ...]] = {
    "申请材料": (FileKind.REQUEST, FileKind.IDENTITY, FileKind.AUTHORITY, FileKind.CORRECTION),
    "办理材料": (FileKind.OPINION, FileKind.SEARCH, FileKind.SOURCE, FileKind.REDACTED, FileKind.RELEASED, FileKind.FEE, FileKind.OTHER),
    "送达凭证": (FileKind.SERVICE,),
}  # fmt: skip
_FORBIDDEN = frozenset('/\\:*?"<>|')


@dataclass(frozen=True)
class Contents:
    """Everything of one case that is not a draft."""

    application: Application
    records: list[EventRecord]
    letters: list[Letter]
    files: list[CaseFile]
    removed: list[CaseFile]
    deliveries: list[Delivery]
    notes: list[Any]
    statements: list[Any]
    extensions: list[Any]
    prior: frozenset[str] = field(default_factory=frozenset)  # digests that earlier volumes hold

    @property
    def chain(self) -> dict[str, Any]:
        """The last record and its digest, which stands for all before it."""
        last = self.records[-1] if self.records else None
        return {"count": last.position if last else 0, "digest": last.digest if last else GENESIS}


def read(application: Application, prior: frozenset[str] = frozenset()) -> Contents:
    """Gather the case. Raises ValidationError where records or letters were tampered with, or letters are still unfinished."""
    letters = list(application.letters.prefetch_related("attachments").order_by("pk"))  # type: ignore[attr-defined]
    for letter in letters:
        letter.application = application  # no query for each
    broken = [f"第 {n} 条{what}" for n, what in verify_chain(application)]
    for letter in letters:
        if letter.frozen and letter.digest != digest_of(letter, [f.digest for f in letter.attachments.all()]):
            broken.append(f"文书“{letter.title}”与签发时的摘要不符")
    if broken:
        raise ValidationError(f"案卷不完整，不能归档：{'；'.join(broken)}。请联系系统管理员核查。")
    waiting = [x for x in letters if x.state in (Letter.State.REVIEW, Letter.State.SIGN)]
    if waiting:
        names = "、".join(f"《{x.title}》{x.get_state_display()}" for x in waiting)
        raise ValidationError(f"还有文书没有办完：{names}。请签发或者作废后归档。")
    files = list(application.files.order_by("pk"))  # type: ignore[attr-defined]
    return Contents(
        application=application,
        records=list(application.records.order_by("position")),  # type: ignore[attr-defined]
        letters=[x for x in letters if x.frozen],
        files=[x for x in files if x.removed_at is None],
        removed=[x for x in files if x.removed_at is not None],
        deliveries=list(
            Delivery.objects.filter(letter__application=application)
            .select_related("letter", "proof", "recorded_by")
            .order_by("pk")
        ),
        notes=list(application.notes.select_related("author").order_by("pk")),  # type: ignore[attr-defined]
        statements=list(application.statements.order_by("pk")),  # type: ignore[attr-defined]
        extensions=list(
            application.extension_requests.select_related("requested_by", "decided_by").order_by("pk")  # type: ignore[attr-defined]
        ),
        prior=prior,
    )


def fingerprint(application: Application) -> str:
    """Changes whenever something that belongs to the file changes: compared before the file is filed, under the lock."""
    parts = [
        list(application.records.order_by("position").values_list("digest", flat=True)),  # type: ignore[attr-defined]
        list(application.letters.order_by("pk").values_list("pk", "state", "digest")),  # type: ignore[attr-defined]
        list(application.files.order_by("pk").values_list("pk", "digest", "removed_at")),  # type: ignore[attr-defined]
        list(application.notes.order_by("pk").values_list("pk", flat=True)),  # type: ignore[attr-defined]
        list(application.statements.order_by("pk").values_list("pk", flat=True)),  # type: ignore[attr-defined]
        list(
            Delivery.objects.filter(letter__application=application)
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
    ]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def letter_name(letter: Letter) -> str:
    """Kind and number: the path in the package stands in the catalogue and names nobody."""
    kind = LETTER_KINDS.get(letter.kind)
    label = kind.label if kind is not None else "文书"
    return safe(f"{label} {letter.number}".strip())


def safe(text: str) -> str:
    """``text`` without what no file system takes."""
    return "".join(ch for ch in text if ch not in _FORBIDDEN and ord(ch) >= 32)[:80].strip()


def about(contents: Contents) -> dict[str, Any]:
    """案卷信息: the application as filed, deliveries, notes, statements, extension requests, as plain data."""
    case = contents.application
    person = case.applicant
    return {
        "编号": case.number,
        "回执号": case.receipt,
        "受理机关": case.organ.name,
        "渠道": case.get_channel_display(),
        "申请人": {
            str(f.verbose_name): getattr(person, f.name)
            for f in person._meta.concrete_fields
            if f.name not in ("id", "identity", "anonymised_at") and getattr(person, f.name)
        },
        "所需信息": case.description,
        "其他特征": case.reference,
        "补充说明": case.purpose_note,
        "提供形式": case.form_wanted,
        "获取途径": case.route_wanted,
        "信封": case.envelope,
        "主题": case.theme,
        "送达": [
            {
                "文书": f"{d.letter.title} {d.letter.number}".strip(),
                "方式": d.get_way_display(),
                "日期": d.on.isoformat(),
                "承运": d.get_carrier_display(),
                "邮件号": d.tracking,
                "地点": d.place,
                "凭证": d.proof.digest if d.proof else "",
                "登记人": str(d.recorded_by or ""),
            }
            for d in contents.deliveries
        ],
        "内部备注": [{"时间": stamp(n.at), "作者": str(n.author), "内容": n.text} for n in contents.notes],
        "申请人补充提交": [
            {"时间": stamp(s.at), "类别": s.get_kind_display(), "内容": s.text} for s in contents.statements
        ],
        "延期审批": [
            {
                "提出": str(x.requested_by),
                "工作日": x.days,
                "理由": x.reason,
                "结果": x.get_state_display(),
                "决定人": str(x.decided_by or ""),
                "意见": x.opinion,
            }
            for x in contents.extensions
        ],
        "已移除的文件": [
            {"类别": f.get_kind_display(), "摘要": f.digest, "理由": f.removed_reason}
            for f in contents.removed
        ],
    }


def events(contents: Contents) -> list[dict[str, Any]]:
    """The chain as kept, each record with its digest."""
    return [
        {
            "序号": r.position,
            "事项": r.kind,
            "名称": r.get_kind_display(),
            "日期": r.on.isoformat(),
            "内容": r.data,
            "经办人": r.actor_name,
            "录入时间": stamp(r.recorded_at),
            "前一摘要": r.previous,
            "摘要": r.digest,
        }
        for r in contents.records
    ]


def stamp(moment: Any) -> str:
    """2026-11-30 09:05, Shanghai time."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
