"""Form fields of the document desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from gongkai.normative.models import Document
from gongkai.normative.rules.numbers import NumberError, parse_number
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import scope_of


def above(organ: Organ) -> list[str]:
    """Paths of ``organ`` and of everything over it."""
    return [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]


class DocumentField(forms.CharField):
    """A document of the register by its 文号 in any typing, or by its exact title. ``field.organ`` bounds where it is looked
    for: upwards (``up``) for what acts upon a document, downwards for what it acts upon."""

    def __init__(self, *, up: bool = True, **kwargs: Any) -> None:
        self.up = up
        self.organ: Organ | None = None
        kwargs.setdefault("help_text", "填文号，例如：利政规发〔2025〕3号；没有文号的填全称。")
        super().__init__(max_length=300, **kwargs)

    def clean(self, value: Any) -> Document | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = Document.objects.filter(number=str(parse_number(text)))
        except NumberError:
            found = Document.objects.filter(title=text.strip())
        if self.organ is not None:
            found = (
                found.filter(organ__path__in=above(self.organ))
                if self.up
                else found.filter(organ__path__startswith=self.organ.path)
            )
        row = found.select_related("organ").order_by("-issued_on").first()
        if row is None:
            where = "本机关或者上级机关" if self.up else "本机关或者下级机关"
            raise ValidationError(f"{where}的登记簿里没有“{text}”，请核对文号。")
        return row


class JointOrgansField(forms.MultipleChoiceField):
    """Organs that issue together. Any active organ may be named, also one that the clerk has no rights at: it is no
    ``ModelChoiceField``, so that the desk does not limit it to the clerk's own organs."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.SelectMultiple(attrs={"size": 6}))
        super().__init__(choices=self._organs, required=False, **kwargs)

    def limit_to(self, user: Any, chosen: Iterable[Organ] = ()) -> None:
        """Offer ``user`` the organs of the same government: documents are issued together within one tree."""
        scope = scope_of(user)
        if scope.everything:
            return
        trees = Q(pk__in=[organ.pk for organ in chosen])
        for root in {path[: Organ.steplen] for path in scope.paths("normative")}:
            trees |= subtree(root)
        self.choices = self._organs(trees)

    @staticmethod
    def _organs(within: Q | None = None) -> list[tuple[str, str]]:
        rows = Organ.objects.filter(within or Q(), status=Organ.Status.ACTIVE).exclude(
            kind=Organ.Kind.VILLAGE
        )
        return [(str(pk), name) for pk, name in rows.order_by("path").values_list("pk", "name")]

    def prepare_value(self, value: Any) -> Any:
        return [str(getattr(item, "pk", item)) for item in value or []]

    def clean(self, value: Any) -> list[Organ]:
        return list(Organ.objects.filter(pk__in=super().clean(value)).order_by("path"))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(self.prepare_value(initial)) != set(data or [])
