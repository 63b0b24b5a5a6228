"""The further acts on files, loans, transfer lists and appraisals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.utils import timezone
from wagtail.admin import messages

from gongkai.organs.desk.base import ActView, add_errors
from gongkai.records import services
from gongkai.records.matters import Retention
from gongkai.records.models import Appraisal, ArchiveFile, Loan, TransferList

LOAN_DAYS = 15


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def today() -> Any:
    return timezone.localdate()


def due() -> Any:
    return today() + timedelta(days=LOAN_DAYS)


class LendForm(forms.Form):
    form = forms.ChoiceField(label="载体", choices=Loan.Form.choices)
    borrower = forms.CharField(label="借阅人", max_length=60)
    unit = forms.CharField(label="借阅单位", max_length=120, required=False)
    purpose = forms.CharField(label="用途", max_length=200, help_text="例如：行政复议答辩举证。")
    out_on = forms.DateField(label="借出日期", initial=today, widget=day_input())
    due_on = forms.DateField(label="应还日期", initial=due, widget=day_input())


class AppraiseForm(forms.Form):
    verdict = forms.ChoiceField(label="鉴定意见", choices=Appraisal.Verdict.choices)
    retention = forms.ChoiceField(
        label="续存期限", required=False, choices=[("", "（销毁的不填）"), *Retention.choices]
    )
    reason = forms.CharField(label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class OpenForm(forms.Form):
    reason = forms.CharField(label="查阅事由", max_length=200, help_text="查阅人、时间和事由记入审计记录。")


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the act."""


class ReturnForm(forms.Form):
    on = forms.DateField(label="归还日期", initial=today, widget=day_input())
    condition = forms.CharField(label="归还时状况", max_length=200, required=False, initial="完好")


class SignForm(forms.Form):
    handed_by = forms.CharField(label="移交人", max_length=60)
    handed_on = forms.DateField(label="移交日期", initial=today, widget=day_input())
    taken_by = forms.CharField(label="接收人", max_length=60)
    taken_on = forms.DateField(label="接收日期", initial=today, widget=day_input())


class OpinionForm(forms.Form):
    opinion = forms.CharField(
        label="复核意见", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def held(instance: models.Model) -> bool:
    return isinstance(instance, ArchiveFile) and instance.state == ArchiveFile.State.ARCHIVED


class OpenAct(ActView):
    label = "查阅电子档案"
    icon = "download"
    form_class = OpenForm
    explanation = "下载归档时封存的电子文件。下载前重新核对摘要，与归档时不符的不会提供。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return (
            isinstance(instance, ArchiveFile)
            and instance.state != ArchiveFile.State.DESTROYED
            and not instance.paper_only
        )

    def form_valid(self, form: Any) -> HttpResponse:
        row = self.object
        try:
            services.note_opening(self.request.user, row, form.cleaned_data["reason"])
            with services.plain(row) as content:
                return services.as_download(content.read(), row.file_name, row.media_type)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)


class VerifyAct(ActView):
    label = "核验"
    icon = "check"
    form_class = ConfirmForm
    permission_required = "view"
    explanation = "重新计算电子文件和其中每份材料的摘要，与归档时的目录比对。"
    success = "核验无误：电子文件与归档时一致。"
    offered = OpenAct.offered

    def form_valid(self, form: Any) -> HttpResponse:
        problems = services.verify(self.object)
        if problems:
            messages.error(self.request, "；".join(problems[:10]))
            return self.form_invalid(form)
        return super().form_valid(form)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return None  # verified above; nothing changes


class LendAct(ActView):
    label = "借出"
    icon = "arrow-right"
    form_class = LendForm
    explanation = "登记借阅。纸质档案须已装盒，借出未还的不能再借；到期未还的会出现在“今天”。"
    success = "已登记借出。"
    offered = staticmethod(held)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.lend(self.request.user, self.object, **cleaned)


class AppraiseAct(ActView):
    label = "到期鉴定"
    icon = "clipboard-list"
    form_class = AppraiseForm
    explanation = "提出续存或者销毁的意见，由另一人复核后生效。销毁的删去电子文件，目录和摘要永久保留。"
    success = "已提出鉴定意见，等待另一人复核。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        until = getattr(instance, "retention_until", None)
        return held(instance) and until is not None and until < timezone.localdate()

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.propose_appraisal(self.request.user, self.object, **cleaned)


class ReturnAct(ActView):
    label = "归还"
    icon = "resubmit"
    form_class = ReturnForm
    explanation = "清点无误后登记归还。"
    success = "已登记归还。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, Loan) and instance.returned_on is None

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.return_loan(self.request.user, self.object, **cleaned)


class SignAct(ActView):
    label = "登记签收"
    icon = "check"
    permission_required = "approve"
    form_class = SignForm
    danger = True
    explanation = (
        "双方在清册上签字后登记。登记后清册内的档案为“已移交”，不能再借阅、装盒或者鉴定。此操作不能撤回。"
    )
    success = "已登记签收。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, TransferList) and instance.state == TransferList.State.DRAFT

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.sign_transfer_list(self.request.user, self.object, **cleaned)


class AgreeAct(ActView):
    label = "同意"
    icon = "check"
    permission_required = "approve"
    form_class = OpinionForm
    danger = True
    explanation = "同意后鉴定意见生效；意见为销毁的，电子文件随即删除，不能恢复，目录和摘要永久保留。提出意见的人不能复核。"
    success = "已复核。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, Appraisal) and instance.state == Appraisal.State.PROPOSED

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.decide_appraisal(self.request.user, self.object, agree=True, **cleaned)


class RefuseAct(AgreeAct):
    label = "不同意"
    icon = "cross"
    danger = False
    explanation = "不同意的写明意见，档案照旧保管。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.decide_appraisal(self.request.user, self.object, agree=False, **cleaned)
