"""One document on the desk: what it is, what is owed, the acts that can be done now, how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail.admin.views import generic

from gongkai.normative import selectors, slots
from gongkai.normative.desk import acts
from gongkai.normative.models import Document
from gongkai.normative.rules.life import LABELS, Act
from gongkai.normative.services.issuing import missing_steps

Rows = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One recorded act as the page shows it."""

    on: date
    label: str
    note: str
    by: str
    struck: bool


def _registered(row: Document) -> Rows:
    joint = "、".join(organ.name for organ in row.joint_organs.all())
    return [
        ("发文字号", row.number), ("索引号", row.index_number), ("制发机关", row.organ.name), ("联合制发机关", joint),
        ("类别", row.get_category_display()), ("体裁", row.get_genre_display()), ("主题分类", row.get_topic_display()),
        ("主题词", row.keywords), ("适用对象", row.audience), ("内容概述", row.summary), ("起草单位", row.drafter),
        ("签发人", row.signer),
    ]  # fmt: skip


def _validity(row: Document) -> Rows:
    return [
        ("办理环节", row.get_stage_display()), ("效力", row.get_status_display()), ("成文日期", row.formed_on),
        ("印发日期", row.issued_on), ("施行日期", row.effective_on), ("期限", row.get_term_display()),
        ("有效期截止", row.valid_until), ("失去效力日期", row.ended_on), ("失去效力方式", row.get_end_act_display()),
    ]  # fmt: skip


def _public(row: Document) -> Rows:
    public: Any = row.published_on
    if row.published_on:
        public = format_html(
            '{}　<a href="{}">公众网站上的文件页</a>', row.published_on, row.get_absolute_url()
        )
    rows: Rows = [
        ("公开属性", row.get_disclosure_display()), ("属性理由", row.disclosure_reason),
        ("公开期限", row.publication_due), ("公布日期", public),
    ]  # fmt: skip
    if row.is_binding:
        lag = selectors.lag_days(row)
        done = f"{row.interpreted_on}（公布后 {lag} 日）" if lag is not None else row.interpreted_on
        rows += [
            ("解读", "需要解读" if row.interpretation_required else f"免予解读：{row.interpretation_exemption}"),
            ("解读期限", row.interpretation_due), ("解读发布", done),
            ("备案期限", row.filing_due), ("备案日期", row.filed_on),
        ]  # fmt: skip
    return rows


def _owed(row: Document, today: date) -> list[str]:
    out = []
    for due, done, what in (
        (row.publication_due, row.published_on, "公布"),
        (row.interpretation_due, row.interpreted_on, "发布解读"),
        (row.filing_due, row.filed_on, "登记备案"),
    ):
        if due and not done:
            late = f"，已逾期 {(today - due).days} 日" if due < today else ""
            out.append(f"应于 {due} 前{what}{late}。")
    return out


def next_act(row: Document, missing: list[str]) -> str:
    """The label of the act that this document waits for: the first missing step, then issue, then what is owed."""
    if not row.is_issued:
        steps = {
            LABELS[Act.CONSULTED]: acts.ConsultAct, LABELS[Act.REVIEWED]: acts.ReviewAct,
            LABELS[Act.DELIBERATED]: acts.DeliberateAct,
        }  # fmt: skip
        return steps.get(missing[0], acts.IssueAct).label if missing else acts.IssueAct.label
    for due, done, act in (
        (row.publication_due, row.published_on, acts.PublishAct),
        (row.interpretation_due, row.interpreted_on, acts.InterpretedAct),
        (row.filing_due, row.filed_on, acts.FileAct),
    ):
        if due and not done:
            return act.label
    return ""


class DocumentInspectView(generic.InspectView):
    template_name = "normative/desk/document.html"

    def get_page_title(self) -> str:
        return "文件"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: Document = self.object
        named = (("登记", _registered(row)), ("效力", _validity(row)), ("公开、解读和备案", _public(row)))
        context = super().get_context_data(**kwargs)
        missing = [] if row.is_issued else missing_steps(row)
        context |= {
            "next_act": next_act(row, missing),
            "sections": [(name, [(k, v) for k, v in rows if v not in (None, "")]) for name, rows in named],
            "missing": missing,
            "owed": _owed(row, timezone.localdate()),
            "act_buttons": self.scoped_viewset.act_buttons(self.request.user, row),  # type: ignore[attr-defined]
            "elsewhere": slots.desk_links(row, self.request.user),
            "interpretations": slots.links(slots.INTERPRETATIONS, row),
            "events": self._events(),
            "relations": self._planned() + self._done(),
            "files": list(row.files.all()),
        }
        return context

    def _events(self) -> list[Line]:
        rows = self.object.events.select_related("basis", "struck_by").order_by("on", "pk")
        return [
            Line(
                e.on, e.get_act_display(), e.note or (str(e.basis) if e.basis else ""), e.by_name or "系统",
                hasattr(e, "struck_by"),
            )
            for e in rows
        ]  # fmt: skip

    def _planned(self) -> list[selectors.Shown]:
        rows = self.object.relations.filter(done=False).select_related("target").defer("target__body")
        return [
            selectors.Shown(
                f"{r.get_kind_display()}（印发时生效）", r.target.title, r.target.number,
                reverse("documents:inspect", args=[r.target_id]), r.note,
            )
            for r in rows if r.target
        ]  # fmt: skip

    def _done(self) -> list[selectors.Shown]:
        return selectors.relations(self.object)
