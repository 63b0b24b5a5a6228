"""Public addresses of the search beside the page itself (``portal:search``)."""

from django.urls import path

from gongkai.search import views

app_name = "search"
urlpatterns = [
    path("search/suggest.json", views.suggest, name="suggest"),
    path("search/description.xml", views.description, name="description"),
]
