"""Addresses of the open data."""

from django.urls import path

from gongkai.api import feeds, views
from gongkai.api.answering import answering_as, patterns
from gongkai.api.oai.views import catalogue_schema, oai
from gongkai.api.v1 import api

urlpatterns = [
    path("api/", views.documentation, name="open_data"),
    path("api/catalog.jsonld", views.catalogue, name="open_data_catalog"),
    path("api/files.txt", views.bulk_list, {"what": "files"}, name="open_data_list"),
    path("api/SHA256SUMS", views.bulk_list, {"what": "SHA256SUMS"}, name="open_data_sums"),
    path("api/files/<slug:name>.<slug:form>", views.bulk_file, name="open_data_file"),
    path("api/v1/", views.unknown),
    # Before that of the framework, which escapes all Chinese.
    path("api/v1/openapi.json", answering_as(api, views.described)),
    path("api/v1/", patterns(api)),
    path("api/v1/<path:rest>", views.unknown),
    path("oai", oai, name="oai"),
    path("oai/catalogue.xsd", catalogue_schema, name="oai_schema"),
    path("feeds/all.<slug:form>", feeds.everything, name="feed"),
    path("feeds/search.<slug:form>", feeds.of_search, name="feed_search"),
    path("feeds/kind/<slug:kind>.<slug:form>", feeds.of_kind, name="feed_kind"),
    path("feeds/column/<int:pk>.<slug:form>", feeds.of_column, name="feed_column"),
    path("feeds/organ/<slug:slug>.<slug:form>", feeds.of_organ, name="feed_organ"),
]
