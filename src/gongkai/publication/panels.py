"""The page editor as a clerk meets it: 内容, 要素, 公开与分类. Nothing else."""

from __future__ import annotations

from typing import Any, Final

from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)

_COMMON: Final = {
    "facts": ["issuer", "source", "author", "formed_on", "document_number", "effective_on", "expires_on"],
    "classes": ["topic_class", "genre", "facet", "domain", "audience", "keywords", "summary"],
    "attribute": ["attribute", "attribute_reason"],
}
#: Fields of each kind, in the order in which they are asked.
OWN: Final[dict[str, list[str]]] = {
    "PolicyPage": ["joint_issuers", "normative"],
    "InterpretationPage": [
        "document_title", "form", "speaker", "series", "issue_number",
        "background", "aims", "content", "standards", "benefits", "differences",
        "who", "how", "where", "until", "ask",
    ],
    "MeetingPage": ["meeting", "session", "held_on", "chair", "agenda", "outcome"],
    "BudgetPage": ["stage", "level", "fiscal_year", "unit", "approved_on"],
    "MotionPage": ["body_kind", "session", "number", "subject", "result", "replied_on"],
    "KeyTaskPage": ["task_type", "year", "lead", "target", "target_on"],
    "LeaderPage": ["post", "rank", "duties", "resume"],
    "GuidePage": [
        "version", "classification", "arrangement", "access", "office_name", "office_address", "office_hours",
        "phone", "fax", "internet",
    ],
}  # fmt: skip


def _pairs(names: list[str]) -> list[Any]:
    """Two fields to a row."""
    rows = [names[i : i + 2] for i in range(0, len(names), 2)]
    return [
        FieldRowPanel([FieldPanel(n) for n in row]) if len(row) > 1 else FieldPanel(row[0]) for row in rows
    ]


def install(model: type[Any]) -> None:
    """Gives ``model`` its edit handler."""
    own = OWN.get(model.__name__, [])
    facts = [*_COMMON["facts"]]
    content: list[Any] = [FieldPanel("title")]
    if model.FIXED_KIND is None:
        content.append(FieldPanel("kind"))
    if own:
        content.append(MultiFieldPanel([FieldPanel(n) for n in own], heading=str(model._meta.verbose_name)))
    if model.__name__ == "KeyTaskPage":
        content.append(InlinePanel("progress", heading="进展", label="进展"))
    content.append(FieldPanel("body"))
    model.content_panels = content
    model.promote_panels = []
    model.settings_panels = []
    model.edit_handler = TabbedInterface(
        [
            ObjectList(content, heading="内容"),
            ObjectList([MultiFieldPanel(_pairs(facts), heading="来源与日期")], heading="要素"),
            ObjectList(
                [
                    MultiFieldPanel(_pairs(_COMMON["attribute"]), heading="公开属性"),
                    MultiFieldPanel(_pairs(_COMMON["classes"]), heading="分类与检索"),
                ],
                heading="公开与分类",
            ),
        ]
    )
