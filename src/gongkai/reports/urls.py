"""Public addresses of the annual reports."""

from django.urls import path

from gongkai.reports import views, views_verify, views_yearbook

app_name = "reports"
urlpatterns = [
    path("reports/", views.report_list, name="list"),
    path("reports/tables.css", views.tables_css, name="tables_css"),
    path("reports/compare/", views.compare_view, name="compare"),
    path("reports/website/", views_yearbook.yearbook_list, name="yearbooks"),
    path("reports/website/<slug:slug>/<int:year>/", views_yearbook.yearbook, name="yearbook"),
    path(
        "reports/website/<slug:slug>/<int:year>/form.<slug:format>",
        views_yearbook.yearbook_file,
        name="yearbook_file",
    ),
    path(
        "reports/website/<slug:slug>/<int:year>/v<int:version>/",
        views_yearbook.yearbook,
        name="yearbook_version",
    ),
    path(
        "reports/website/<slug:slug>/<int:year>/v<int:version>/form.<slug:format>",
        views_yearbook.yearbook_file,
        name="yearbook_file_version",
    ),
    path("reports/verify/", views_verify.verify, name="verify"),
    path("reports/verify/act/", views_verify.act, name="verify_act"),
    path("reports/verify/kept/<str:token>/", views_verify.kept, name="kept"),
    path("reports/<slug:slug>/", views.trend, name="trend"),
    path("reports/<slug:slug>/<int:year>/", views.detail, name="detail"),
    path("reports/<slug:slug>/<int:year>/report.<slug:format>", views.download, name="download"),
    path("reports/<slug:slug>/<int:year>/v<int:version>/", views.version, name="version"),
    path(
        "reports/<slug:slug>/<int:year>/v<int:version>/report.<slug:format>",
        views.download,
        name="download_version",
    ),
]
