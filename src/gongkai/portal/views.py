"""The public pages around the duties: home, search, organs, map, contact, modes."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from gongkai.organs.models import Organ, SiteProfile
from gongkai.portal import home as home_page
from gongkai.portal import organ_page, selectors, site, site_maps
from gongkai.portal.site import page_context
from gongkai.publication.models import OrganSection
from gongkai.reports import selectors as reports

PER_PAGE = 20
CARE_SECONDS = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The box first, then the four ways in, what is new and what has a date, then content and organs."""
    runs = SiteProfile.current().organ
    new = home_page.newest(runs)
    papers = home_page.documents(runs)
    groups, villages = home_page.grouped(sections := home_page.sections()), home_page.has_villages()
    context = page_context(
        site.HOME,
        new=new,
        dates=home_page.dated(timezone.localdate()),
        documents=papers,
        doors=home_page.doors(),
        examples=home_page.examples(new, papers),
        groups=groups,
        kinds=home_page.by_kind(groups, villages),
        columns=home_page.statutory_columns(sections, runs),
        villages=villages,
    )
    return render(request, "portal/home.html", context)


@require_safe
def organs(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:80]
    kind = request.GET.get("kind", "")
    name, kinds = home_page.GROUPS.get(kind, ("", ()))
    page = Paginator(selectors.public_organs(query, kinds), 60).get_page(request.GET.get("page"))
    page.object_list = [selectors.organ_line(organ) for organ in page.object_list]
    choices = [(key, words) for key, (words, _) in home_page.GROUPS.items()]
    context = page_context(site.ORGANS, q=query, kind=kind if name else "", kinds=choices, page=page)
    return render(request, "portal/organs.html", context)


@require_safe
def organ(request: HttpRequest, slug: str) -> HttpResponse:
    """An organ's profile, contact, units and reports; a village by its township. An organ that ended says by whom it was
    succeeded."""
    found = get_object_or_404(Organ.objects.select_related("work_office", "successor"), slug=slug)
    units = found.get_children().filter(status=Organ.Status.ACTIVE)[: organ_page.UNITS]
    ancestors = organ_page.above(found)
    place = organ_page.answering_for(found, ancestors)
    contact = selectors.organ_contact(found)
    note = f"简称：{found.short_name}" if found.short_name and found.short_name != found.name else ""
    if not found.is_active:
        heir = f"，职责由{found.successor.name}承接" if found.successor else ""
        note = f"{found.get_status_display()}{heir}"
    context = page_context(
        site.ORGANS,
        (site.ORGANS.name, reverse("portal:organs")),
        *((one.label, organ_page.url_of(one)) for one in ancestors),
        (found.name, ""),
        organ={
            "name": found.name,
            "note": note,
            "duties": found.duties,
            "apply": organ_page.apply_url(found),
            "contact": contact,
            "above": (ancestors[-1].name, organ_page.url_of(ancestors[-1])) if ancestors else None,
        },
        found=found,
        place=place,
        contacts=contact or (place.contact if place else []),
        section=OrganSection.objects.filter(organ=found, live=True).first(),
        new=home_page.newest_of(found),
        units=[selectors.organ_line(unit) for unit in units],
        units_title=organ_page.units_title(units),
        reports=reports.of_organ(found)[:30],
    )
    return render(request, "portal/organ.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    lines = [selectors.organ_line(organ) for organ in selectors.public_organs()[:60]]
    shown = [line for line in lines if line.phone or line.email or line.address]
    context = page_context(
        site.CONTACT,
        contacts=shown,
        with_email=any(line.email for line in shown),
        with_address=any(line.address for line in shown),
    )
    return render(request, "portal/contact.html", context)


@require_safe
def report_error(request: HttpRequest) -> HttpResponse:
    """找错: the national address where the profile names one, else how to reach the people who run the site."""
    came_from = request.GET.get("from", "")[:200]
    context = page_context(
        site.ERRORS,
        finding_errors=True,
        from_page=came_from if came_from.startswith("/") else "",
        subject="网站找错" + (f"：{came_from}" if came_from.startswith("/") else ""),
    )
    return render(request, "portal/contact.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html", page_context(site.ACCESS))


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """All columns of the site: what every duty publishes, and each organ's own columns one page further."""
    context = page_context(
        site.SITEMAP, groups=site_maps.groups(), organs=site_maps.organs(), policies=site_maps.policies()
    )
    return render(request, "portal/sitemap.html", context)


@require_safe
def site_map_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Every column of one organ's disclosure pages, nested as they are."""
    found = get_object_or_404(OrganSection.objects.select_related("organ"), organ__slug=slug, live=True)
    context = page_context(
        site.SITEMAP,
        (site.SITEMAP.name, reverse("portal:sitemap")),
        (found.organ.label, ""),
        section=found,
        columns=site_maps.columns_of(found),
    )
    return render(request, "portal/sitemap_organ.html", context)


@require_safe
def titles(request: HttpRequest) -> HttpResponse:
    """The search of titles on a site of files; where the application lives, its own search is the better one."""
    if not getattr(request, "gongkai_static", False):
        return HttpResponseRedirect(reverse("portal:search"))
    return render(request, "portal/titles.html", page_context(site.TITLES))


@require_safe
def care(request: HttpRequest, mode: str) -> HttpResponse:
    """Turn the large-text mode on or off and go back to the page one was reading."""
    if mode not in ("on", "off"):
        raise Http404
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = reverse("portal:home")
    response = HttpResponseRedirect(target)
    if mode == "on":
        response.set_cookie(
            site.CARE_COOKIE,
            "1",
            max_age=CARE_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    else:
        response.delete_cookie(site.CARE_COOKIE, samesite="Lax")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing public is closed to crawlers; the desk and one-off pages are not public."""
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /care/",
        "Disallow: /feedback/",
        "Disallow: /share/",
        "Disallow: /apply/receipt",
        "Disallow: /apply/mine/",
        "Disallow: /search/",
        "Disallow: /reports/verify/kept/",
        f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap_xml'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
