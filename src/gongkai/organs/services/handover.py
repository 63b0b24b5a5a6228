"""What stands on a person: apps tell, and take part in handing it over (capability H02)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Protocol

from gongkai.organs.models import Organ, User, WorkOffice


@dataclass(frozen=True)
class HandoverItem:
    """One thing a person answers for: ``kind`` and ``label`` for the list, ``url`` to look at it in the desk."""

    kind: str
    label: str
    url: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


class HandoverProvider(Protocol):
    """An app's part: what stands on ``user`` at ``organ``, and how it passes to somebody else."""

    def items(self, user: User, organ: Organ) -> list[HandoverItem]: ...

    def transfer(self, actor: Any, user: User, to_user: User, organ: Organ) -> None: ...


_PROVIDERS: list[HandoverProvider] = []


def register_handover(provider: HandoverProvider) -> None:
    """Called once by each app that puts work on people (from its AppConfig.ready)."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def outstanding(user: User, organ: Organ) -> list[HandoverItem]:
    """Everything that stands on ``user`` at ``organ``."""
    return [item for provider in _PROVIDERS for item in provider.items(user, organ)]


def transfer_all(actor: Any, user: User, to_user: User, organ: Organ) -> list[HandoverItem]:
    """Passes everything to ``to_user``; returns what was passed."""
    items = outstanding(user, organ)
    for provider in _PROVIDERS:
        provider.transfer(actor, user, to_user, organ)
    return items


class OfficeHandover:
    """Head and backup of a 公开工作机构: an office must not lose either without a successor."""

    def items(self, user: User, organ: Organ) -> list[HandoverItem]:
        found = []
        for office in WorkOffice.objects.filter(organ=organ):
            if office.head_id == user.pk:
                found.append(HandoverItem("公开工作机构", f"{office.name}负责人"))
            if office.backup_id == user.pk:
                found.append(HandoverItem("公开工作机构", f"{office.name}代理负责人"))
        return found

    def transfer(self, actor: Any, user: User, to_user: User, organ: Organ) -> None:
        from gongkai.organs.services.structure import save_work_office

        for office in WorkOffice.objects.filter(organ=organ):
            changes: dict[str, Any] = {}
            if office.head_id == user.pk:
                changes["head"] = to_user
                if office.backup_id == to_user.pk:
                    changes["backup"] = None
            elif office.backup_id == user.pk:
                changes["backup"] = None if office.head_id == to_user.pk else to_user
            if changes:
                save_work_office(actor, organ, **changes)


register_handover(OfficeHandover())
