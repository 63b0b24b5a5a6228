"""Wagtail's side of a form: which workflow it runs in and which task waits. Driven by the services only."""

from __future__ import annotations

from typing import Any, Final

from wagtail import signals
from wagtail.models import TaskState, Workflow, WorkflowState, WorkflowTask

from gongkai.publication.models import DisclosurePage, Flow, OrganApprovalTask, ReviewForm, Step

#: The steps of each flow, in order. Three reviews, the secrecy review before the last of them.
STEPS: Final[dict[str, tuple[Step, ...]]] = {
    Flow.PUBLISH: (Step.FIRST, Step.SECOND, Step.SECRECY, Step.FINAL),
    Flow.AFTER: (Step.FIRST, Step.SECOND, Step.SECRECY, Step.FINAL),
    Flow.WITHHOLD: (Step.FIRST, Step.SECRECY, Step.FINAL),
}
NAMES: Final = {
    Flow.PUBLISH: "三审三校与保密审查",
    Flow.AFTER: "紧急发布补审",
    Flow.WITHHOLD: "不公开审定",
}


def workflow_for(flow: str) -> Workflow:
    """The one workflow of ``flow``, made with its tasks on first use; it serves every organ."""
    workflow, made = Workflow.objects.get_or_create(name=NAMES[Flow(flow)])
    if made:
        for order, step in enumerate(STEPS[flow]):
            task = OrganApprovalTask.objects.filter(step=step).first()
            if task is None:
                task = OrganApprovalTask.objects.create(name=step.label, step=step)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    return workflow


def _nothing(**_: Any) -> None:
    """Stands where Wagtail's mails would be sent."""


def still() -> None:
    """Wagtail's own mails of a workflow are off: what waits for whom stands on 今天 and in 待我审核, and nobody outside the
    review is told of a draft. Holds whether Wagtail connects its mails before this or after (same ``dispatch_uid``)."""
    mails = (
        (signals.task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
        (signals.workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
        (signals.workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
        (signals.workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
    )
    for signal, sender, uid in mails:
        signal.disconnect(sender=sender, dispatch_uid=uid)
        signal.connect(_nothing, sender=sender, dispatch_uid=uid)


def start(form: ReviewForm, page: DisclosurePage, user: Any) -> None:
    """Begins anew at the first step; what ran before for this page ends."""
    for state in WorkflowState.objects.active().for_instance(page):
        state.cancel(user=user)
    form.workflow_state = workflow_for(form.flow).start(page, user)


def approve(form: ReviewForm, user: Any, comment: str) -> None:
    """The waiting task is done; the next one starts, or the workflow ends."""
    state = form.workflow_state
    if state is not None and state.current_task_state is not None:
        state.current_task_state.approve(user=user, comment=comment)


def reject(form: ReviewForm, user: Any, comment: str) -> None:
    """The waiting task sends back."""
    state = form.workflow_state
    if state is not None and state.current_task_state is not None:
        state.current_task_state.reject(user=user, comment=comment)


def resume(form: ReviewForm, user: Any) -> None:
    """Goes on at the task that sent back."""
    state = form.workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=user)


def cancel(form: ReviewForm, user: Any) -> None:
    """Ends it without a result."""
    state = form.workflow_state
    if state is not None and state.status in (
        WorkflowState.STATUS_IN_PROGRESS,
        WorkflowState.STATUS_NEEDS_CHANGES,
    ):
        state.cancel(user=user)
