"""The further acts on organs, people and duties."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from gongkai.organs import services
from gongkai.organs.desk import forms
from gongkai.organs.desk.base import ActView
from gongkai.organs.models import Organ
from gongkai.organs.services import outstanding


class OrganAct(ActView):
    permission_required = "approve"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, Organ) and instance.is_active


class RenameAct(OrganAct):
    label = "更名"
    icon = "edit"
    form_class = forms.RenameForm
    explanation = "更名后，此前的公开信息、办件和报告仍在原处，并按当时的名称显示。"
    success = "已更名。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        name = cleaned.pop("name")
        return services.rename_organ(self.request.user, self.object, name, **cleaned)


class MoveAct(OrganAct):
    label = "调整隶属"
    icon = "arrow-right"
    form_class = forms.MoveForm
    explanation = "连同下级机构一并移到新的上级之下，上级的有关人员随之可以看到其全部记录。"
    success = "已调整隶属关系。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.move_organ(
            self.request.user, self.object, cleaned["parent"], reason=cleaned["reason"]
        )


class MergeAct(OrganAct):
    label = "并入其他机构"
    icon = "resubmit"
    form_class = forms.MergeForm
    danger = True
    explanation = "合并后本机构不再接收新的业务，记录原样保留并由并入的机构查看；下级机构和在岗人员转入该机构。此操作不能撤回。"
    success = "已合并。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.merge_organs(
            self.request.user, [self.object], cleaned["target"], on=cleaned["on"], basis=cleaned["basis"]
        )


class AbolishAct(OrganAct):
    label = "撤销机构"
    icon = "cross"
    form_class = forms.AbolishForm
    danger = True
    explanation = "撤销前须先安置下级机构和在岗人员。已有的记录全部保留。此操作不能撤回。"
    success = "已撤销。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.abolish_organ(self.request.user, self.object, **cleaned)


class PasswordAct(ActView):
    label = "重设密码"
    icon = "key"
    form_class = forms.PasswordForm
    explanation = "重设后，此人须用新密码重新登录。请当面或通过可靠途径告知。"
    success = "密码已重设。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        services.assign_password(self.request.user, self.object, cleaned["password"])


class DisableAct(ActView):
    label = "停用账号"
    icon = "lock"
    form_class = forms.ReasonForm
    danger = True
    explanation = "停用后此人不能登录；任职和办过的事都保留。离岗请在“队伍备案册”办理。"
    success = "账号已停用。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.is_active)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        services.set_person_active(self.request.user, self.object, False, reason=cleaned["reason"])


class EnableAct(DisableAct):
    label = "启用账号"
    icon = "lock-open"
    danger = False
    explanation = "启用后此人可用原密码登录。"
    success = "账号已启用。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return not instance.is_active

    def perform(self, cleaned: dict[str, Any]) -> Any:
        services.set_person_active(self.request.user, self.object, True, reason=cleaned["reason"])


class MembershipAct(ActView):
    @staticmethod
    def offered(instance: Any) -> bool:
        return not instance.valid_to or instance.valid_to >= timezone.localdate()


class ReviewAct(MembershipAct):
    label = "核对无误"
    icon = "check"
    form_class = forms.ReviewForm
    explanation = "确认此人仍在此机构担任这一职责。"
    success = "已核对。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        services.review_membership(self.request.user, self.object, on=cleaned["on"])


class EndAct(MembershipAct):
    label = "办理离岗"
    icon = "logout"
    form_class = forms.EndForm
    danger = True
    explanation = "离岗后职责自次日起失效，任职记录保留。名下的未办事项须交给接手人。"
    success = "已办理离岗。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, standing=outstanding(self.object.user, self.object.organ))

    def perform(self, cleaned: dict[str, Any]) -> Any:
        services.end_membership(
            self.request.user,
            self.object,
            on=cleaned["on"],
            to_user=cleaned["to_user"],
            reason=cleaned["reason"],
        )
