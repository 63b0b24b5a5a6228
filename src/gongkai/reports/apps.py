"""Django app configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "gongkai.reports"
    label = "reports"
    verbose_name = "年度报告"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from gongkai.organs.scope import OrganScopedPermissionPolicy
        from gongkai.reports.models import (
            AnnualReport,
            Collection,
            OpeningBalance,
            StatisticEntry,
            Yearbook,
            YearbookEntry,
        )

        register_permission_policy(
            AnnualReport, OrganScopedPermissionPolicy(AnnualReport, "reports"), exact_class=True
        )
        register_permission_policy(
            Collection,
            OrganScopedPermissionPolicy(Collection, "reports", denied=["delete"]),
            exact_class=True,
        )

        for model in (StatisticEntry, OpeningBalance, Yearbook, YearbookEntry):
            register_permission_policy(
                model, OrganScopedPermissionPolicy(model, "reports", denied=("delete",)), exact_class=True
            )

        from gongkai.reports import search_documents
        from gongkai.reports.compiling.cells import register_beside
        from gongkai.reports.flow.rollup import outside_sums

        register_beside(outside_sums)
        search_documents.setup()
