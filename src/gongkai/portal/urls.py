"""Public addresses of the frame."""

from django.urls import path

from gongkai.portal import direct, errors, sitemaps, views, views_feedback, views_visits
from gongkai.search import views as search

app_name = "portal"
urlpatterns = [
    # First, and the documents next in the list of all: most readers open one of these.
    path("gov/<path:path>/", direct.item, name="item"),
    path("", views.home, name="home"),
    path("search/", search.search, name="search"),
    path("organs/", views.organs, name="organs"),
    path("organs/<slug:slug>/", views.organ, name="organ"),
    path("contact/", views.contact, name="contact"),
    path("errors/", views.report_error, name="report_error"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sitemap/", views.site_map, name="sitemap"),
    path("sitemap/<slug:slug>/", views.site_map_of, name="sitemap_organ"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap_xml"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap_section, name="sitemap_section"),
    path("robots.txt", views.robots, name="robots"),
    path("titles/", views.titles, name="titles"),
    path("visits/", views_visits.visits, name="visits"),
    path("visits/visits.<slug:form>", views_visits.visits_file, name="visits_file"),
    path("feedback/", views_feedback.page_feedback, name="feedback"),
    path("share/", views_feedback.share, name="share"),
    path("care/<slug:mode>/", views.care, name="care"),
    path("<int:status>.html", errors.said, name="said"),
]
