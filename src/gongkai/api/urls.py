"""Addresses of the open data."""

from django.urls import path

from gongkai.api import views
from gongkai.api.v1 import api

urlpatterns = [
    path("", views.documentation, name="open_data"),
    path("v1/", api.urls),
]
