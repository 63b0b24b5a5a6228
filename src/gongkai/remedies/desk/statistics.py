"""统计: table 4 with a link behind every number, both rates with what they are made of, and the lessons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from gongkai.annualreport.schema import REMEDY_COLUMNS, TABLE_4
from gongkai.organs.desk.forms import OrganChoiceField
from gongkai.organs.models import Organ
from gongkai.organs.scope import require
from gongkai.organs.selectors import home_organ
from gongkai.remedies.desk.forms import organs_for
from gongkai.remedies.desk.words import remedy_url
from gongkai.remedies.policies import MODULE
from gongkai.remedies.rates import lessons, rates_of
from gongkai.remedies.selectors import direct_suits_against_refusals
from gongkai.remedies.table4 import table4

FIRST_YEAR = 2019
MOST_LESSONS = 30


class ChoiceForm(forms.Form):
    organ = OrganChoiceField(label="机构（含下级）", empty_label=None)
    year = forms.ChoiceField(label="年度")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = organs_for(user, "view")  # type: ignore[attr-defined]
        last = timezone.localdate().year
        self.fields["year"].choices = [(str(y), f"{y} 年") for y in range(last, FIRST_YEAR - 1, -1)]  # type: ignore[attr-defined]


class StatisticsView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, MODULE, "view")
        organs = organs_for(request.user, "view")
        home = home_organ(request.user)
        first = home if home and organs.filter(pk=home.pk).exists() else organs.first()
        start = {"organ": first.pk if first else None, "year": str(timezone.localdate().year)}
        form = ChoiceForm({**start, **request.GET.dict()}, user=request.user)
        context: dict[str, Any] = {"form": form, "page_title": "复议诉讼统计"}
        if form.is_valid():
            context |= figures(form.cleaned_data["organ"], int(form.cleaned_data["year"]))
        return TemplateResponse(request, "remedies/desk/statistics.html", context)


def figures(organ: Organ, year: int) -> dict[str, Any]:
    """What the page shows of one organ and year. Three queries."""
    cells = table4(organ, year)
    ledger = reverse("remedies-ledger:index")
    rows = []
    for block in TABLE_4.blocks:
        row = block.rows[0].key
        keys = [f"t4.{row}.{column.key}" for column in REMEDY_COLUMNS]
        rows.append(
            {
                "label": block.heading,
                "cells": [
                    (cells[key], f"{ledger}?organ={organ.pk}&year={year}&cell={key}" if cells[key] else "")
                    for key in keys
                ],
            }
        )
    return {
        "organ": organ,
        "year": year,
        "columns": [column.label for column in REMEDY_COLUMNS],
        "rows": rows,
        "rates": rates_of(cells),
        "lessons": [(remedy, remedy_url(remedy.pk)) for remedy in lessons(organ, year)[:MOST_LESSONS]],
        "doubtful": [
            (remedy, remedy_url(remedy.pk)) for remedy in direct_suits_against_refusals(organ, year)[:20]
        ],
    }
