"""Public addresses of the policy library."""

from django.urls import path

from gongkai.normative import views, views_lists

app_name = "normative"
urlpatterns = [
    path("", views.library, name="library"),
    path("in-force/", views_lists.in_force, name="in_force"),
    path("in-force.<str:form>", views_lists.in_force_file, name="in_force_file"),
    path("catalogues/", views_lists.catalogues, name="catalogues"),
    path("catalogues/<int:pk>/", views_lists.catalogue, name="catalogue"),
    path("catalogues/<int:pk>.<str:form>", views_lists.catalogue_file, name="catalogue_file"),
    path("clean-ups/", views_lists.clean_ups, name="clean_ups"),
    path("clean-ups/<int:pk>/", views_lists.clean_up, name="clean_up"),
    path("clean-ups/<int:pk>.xlsx", views_lists.clean_up_file, name="clean_up_file"),
    path("compare/", views.compare, name="compare"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/files/<int:file>/", views.attachment, name="attachment"),
    path("<int:pk>.<str:form>", views.document_file, name="document_file"),
]
