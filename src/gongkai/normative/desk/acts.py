"""The acts in the life of a document, each one sentence and one small form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.normative import services
from gongkai.normative.desk import forms
from gongkai.normative.models import Document
from gongkai.normative.services.files import add_file, remove_file
from gongkai.normative.services.relating import removable
from gongkai.organs.desk.base import ActView


class DocumentAct(ActView):
    """Leads back to the document."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            return redirect(reverse("documents:inspect", args=[self.object.pk]))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["cancel_url"] = reverse("documents:inspect", args=[self.object.pk])
        return context


class PreparingAct(DocumentAct):
    @staticmethod
    def offered(instance: Any) -> bool:
        return isinstance(instance, Document) and not instance.is_issued


class BindingAct(PreparingAct):
    @staticmethod
    def offered(instance: Any) -> bool:
        return PreparingAct.offered(instance) and instance.is_binding


class ConsultAct(BindingAct):
    label = "登记征求意见"
    icon = "comment"
    form_class = forms.ConsultForm
    explanation = "登记公开征求意见的起止日期和采纳情况。期限短于规定，或者依法不公开征求意见的，写明理由。"
    success = "已登记征求意见。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.consult(self.request.user, self.object, **cleaned)


class ReviewAct(BindingAct):
    label = "登记合法性审核"
    icon = "check"
    form_class = forms.ReviewForm
    explanation = "规范性文件须经合法性审核，不能以征求意见、会签、参加审议等代替（国办发〔2018〕115号）。"
    success = "已登记。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        if not cleaned.pop("passed"):
            return services.return_from_review(self.request.user, self.object, opinion=cleaned["opinion"])
        return services.review(self.request.user, self.object, **cleaned)


class DeliberateAct(BindingAct):
    label = "登记集体审议"
    icon = "group"
    form_class = forms.DeliberateForm
    explanation = "登记审议通过的会议和日期。"
    success = "已登记集体审议。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.deliberate(self.request.user, self.object, **cleaned)


class RelateAct(DocumentAct):
    label = "登记关系"
    icon = "link"
    form_class = forms.RelateForm
    explanation = "写明本文件废止、修改、依据哪些文件。要废止的文件在本文件印发时一并废止，不必再单独办理。"
    success = "已登记关系。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        kind = cleaned.pop("kind")
        return services.relate(self.request.user, self.object, kind, **cleaned)


class IssueAct(PreparingAct):
    label = "登记编号印发"
    icon = "upload"
    form_class = forms.IssueForm
    explanation = "编号并印发。写明要废止、修改的文件同时生效。印发不能撤回。"
    success = "已印发。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.issue(self.request.user, self.object, **cleaned)


class PublishAct(DocumentAct):
    label = "公布"
    icon = "view"
    permission_required = "approve"
    form_class = forms.PublishForm
    explanation = "公布后即时出现在公众网站的政策文件库，公布时间不能更改。政府信息应自形成之日起 20 个工作日内公开（条例第二十六条）。"
    success = "已公布。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.is_issued and not instance.published_on and instance.disclosure == "active")

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.publish(self.request.user, self.object, **cleaned)


class LivingAct(DocumentAct):
    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.is_issued and instance.in_stock)


class FileAct(DocumentAct):
    label = "登记备案"
    icon = "folder-inverse"
    form_class = forms.FileForm
    explanation = "登记向上级政府、本级人大常委会等备案的日期和备案号。"
    success = "已登记备案。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.is_issued and instance.is_binding and not instance.filed_on)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.file_with(self.request.user, self.object, **cleaned)


class InterpretedAct(DocumentAct):
    label = "登记解读"
    icon = "comment"
    form_class = forms.InterpretedForm
    explanation = "解读在本平台“政策解读”栏目发布的，自动登记；在别处发布的，在这里登记。用时自公布之日起算。"
    success = "已登记解读。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.is_binding and instance.published_on and not instance.interpreted_on)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.mark_interpreted(self.request.user, self.object, cleaned["on"], note=cleaned["note"])


class AmendAct(LivingAct):
    label = "登记修改"
    icon = "edit"
    form_class = forms.AmendForm
    explanation = "登记修改，形成新的文本版本；原文本保留，公众可以逐条比较。"
    success = "已登记修改。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.amend(self.request.user, self.object, **cleaned)


class PartAct(LivingAct):
    label = "部分条款失效"
    icon = "minus"
    form_class = forms.PartForm
    explanation = "部分条款失效的文件仍计入现行有效。"
    success = "已登记。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.end_in_part(self.request.user, self.object, **cleaned)


class ExtendAct(LivingAct):
    label = "延长有效期"
    icon = "date"
    form_class = forms.ExtendForm
    explanation = "经评估需要继续施行的，在有效期届满前登记；已经失效的不能延长，须重新制定。"
    success = "已延长有效期。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return LivingAct.offered(instance) and instance.valid_until is not None

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.extend(self.request.user, self.object, **cleaned)


class RepealAct(LivingAct):
    label = "登记废止"
    icon = "cross"
    danger = True
    form_class = forms.EndForm
    explanation = "文件自所填之日起废止，文件页顶部即标明，并指向依据的文件。计入当年的废止件数。"
    success = "已登记废止。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return LivingAct.offered(instance) and instance.end_act in ("", "expired")

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.repeal(self.request.user, self.object, **cleaned)


class VoidAct(RepealAct):
    label = "宣布失效"
    explanation = "适用期已过、任务已完成的文件宣布失效。计入当年的废止件数。"
    success = "已宣布失效。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.declare_void(self.request.user, self.object, **cleaned)


class UploadAct(DocumentAct):
    label = "上传文件"
    icon = "doc-full"
    form_class = forms.UploadForm
    explanation = "红头文件和附件随文件公布，供下载；过程材料只在内部查阅。"
    success = "已上传。"
    template_name = "normative/desk/upload_act.html"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return add_file(self.request.user, self.object, cleaned["kind"], cleaned["file"])


class UnrelateAct(DocumentAct):
    label = "取消关系"
    icon = "undo"
    form_class = forms.UnrelateForm
    explanation = "取消登记错了的关系。已经生效的废止、修改不能在这里取消，须在被废止、修改的文件上撤销误登。"
    success = "已取消关系。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return removable(instance).exists()

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.unrelate(self.request.user, cleaned["chosen"], reason=cleaned["reason"])


class RemoveFileAct(DocumentAct):
    label = "移除附件"
    icon = "bin"
    danger = True
    form_class = forms.RemoveFileForm
    explanation = "移除传错的附件；文件随即删除，文件名、校验值和理由留在历史里。"
    success = "已移除附件。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.files.exists())

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return remove_file(self.request.user, cleaned["chosen"], cleaned["reason"])


class StrikeAct(DocumentAct):
    label = "撤销误登"
    icon = "undo"
    danger = True
    permission_required = "approve"
    form_class = forms.StrikeForm
    explanation = "登记有误的记录以一条新的记录撤销，两条都保留可查。印发、公布不能撤销。"
    success = "已撤销误登。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.is_issued)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.strike(self.request.user, cleaned["event"], reason=cleaned["reason"])


DOCUMENT_ACTS = {
    "consult": ConsultAct,
    "review": ReviewAct,
    "deliberate": DeliberateAct,
    "relate": RelateAct,
    "issue": IssueAct,
    "publish": PublishAct,
    "file": FileAct,
    "interpreted": InterpretedAct,
    "amend": AmendAct,
    "part": PartAct,
    "extend": ExtendAct,
    "repeal": RepealAct,
    "void": VoidAct,
    "upload": UploadAct,
    "unrelate": UnrelateAct,
    "unfile": RemoveFileAct,
    "strike": StrikeAct,
}
