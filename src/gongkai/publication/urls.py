"""Public addresses beside the Wagtail pages."""

from django.urls import path

from gongkai.publication import series, views

app_name = "publication"
urlpatterns = [
    path("gov/", views.root, name="root"),
    path("disclosure/catalogue/", views.grassroots, name="grassroots"),
    path("disclosure/catalogue.<slug:format>", views.grassroots, name="grassroots_export"),
    path("disclosure/files/<int:pk>/", views.attachment, name="attachment"),
    path("disclosure/number/", views.by_number, name="by_number"),
    path("disclosure/series/", series.index, name="series_index"),
    path("disclosure/series/<slug:government>/<str:name>/", series.series, name="series"),
]
