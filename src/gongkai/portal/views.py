"""The public pages around the duties: home, search, organs, map, contact, modes."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from gongkai.applications.public.finder import KINDS as APPLY_KINDS
from gongkai.organs.models import Organ
from gongkai.portal import selectors, site
from gongkai.portal.site import page_context
from gongkai.reports import selectors as reports

PER_PAGE = 20
CARE_SECONDS = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The box first, then what has a date, then the doors."""
    latest = list(reports.latest(6))
    doors = [
        (
            "申请公开",
            reverse("apply:start"),
            "没有公开的政府信息，在这里申请。不用注册，不需要说明用途。",
        ),
        ("查进度", reverse("apply:track"), "凭回执号和查询码看办到哪一步、补正、下载答复书。"),
        (
            "年度报告",
            reverse("reports:list"),
            "各机关历年的政府信息公开工作年度报告，可逐年、逐机关比较，可下载。",
        ),
        (
            "年报核验",
            reverse("reports:verify"),
            "放入一份年度报告，一秒内指出哪里对不上、应为多少。文件不留存。",
        ),
        ("机构", reverse("portal:organs"), "谁负责公开、电话多少、在哪里。"),
        ("找错", reverse("portal:report_error"), "网页打不开、内容有错、信息过时，请告诉我们。"),
        ("关怀版", reverse("portal:accessibility"), "大字、键盘操作和读屏说明。"),
    ]
    context = page_context(
        site.HOME,
        latest=latest,
        dates=selectors.statutory_dates(timezone.localdate()),
        doors=[{"name": name, "url": url, "about": about} for name, url, about in doors],
        examples=_examples(latest),
    )
    return render(request, "portal/home.html", context)


def _examples(latest: list[reports.AnnualReport]) -> list[str]:
    """Two searches that find something."""
    words = [report.organ.label for report in latest[:1]] + [f"{report.year}" for report in latest[:1]]
    return list(dict.fromkeys(words))


@require_safe
def organs(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:80]
    page = Paginator(selectors.public_organs(query), 50).get_page(request.GET.get("page"))
    page.object_list = [selectors.organ_line(organ) for organ in page.object_list]
    return render(request, "portal/organs.html", page_context(site.ORGANS, q=query, page=page))


@require_safe
def organ(request: HttpRequest, slug: str) -> HttpResponse:
    """An organ's profile, contact, units and reports. An organ that ended says by whom it was succeeded."""
    found = get_object_or_404(Organ.objects.select_related("work_office", "successor"), slug=slug)
    units = found.get_children().filter(status=Organ.Status.ACTIVE)[:100]
    note = f"简称：{found.short_name}" if found.short_name and found.short_name != found.name else ""
    if not found.is_active:
        heir = f"，职责由{found.successor.name}承接" if found.successor else ""
        note = f"{found.get_status_display()}{heir}"
    context = page_context(
        site.ORGANS,
        (site.ORGANS.name, reverse("portal:organs")),
        (found.name, ""),
        organ={
            "name": found.name,
            "note": note,
            "duties": found.duties,
            "apply": reverse("apply:form", args=[found.slug])
            if found.is_active and found.kind in APPLY_KINDS
            else "",
            "contact": selectors.organ_contact(found),
        },
        units=[selectors.organ_line(unit) for unit in units],
        reports=reports.of_organ(found)[:30],
    )
    return render(request, "portal/organ.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    lines = [selectors.organ_line(organ) for organ in selectors.public_organs()[:60]]
    shown = [line for line in lines if line.phone or line.email or line.address]
    return render(request, "portal/contact.html", page_context(site.CONTACT, contacts=shown))


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
    years = reports.years()
    organs_shown = selectors.public_organs()[:60]
    groups = [
        {
            "name": "政策文件",
            "links": [
                ("政策文件库", reverse("normative:library")),
                ("现行有效清单", reverse("normative:in_force")),
                ("文件公开目录", reverse("normative:catalogues")),
                ("文件清理结果", reverse("normative:clean_ups")),
            ],
        },
        {
            "name": "年度报告",
            "links": [
                ("全部年度报告", reverse("reports:list")),
                *((f"{year} 年度", f"{reverse('reports:list')}?year={year}") for year in years),
                ("年报核验", reverse("reports:verify")),
            ],
        },
        {
            "name": "依申请公开",
            "links": [
                ("申请公开", reverse("apply:start")),
                ("查询进度", reverse("apply:track")),
                ("申请须知", reverse("apply:guide")),
                ("个人信息处理告知", reverse("apply:privacy")),
            ],
        },
        {
            "name": "机构",
            "links": [
                ("机构名录", reverse("portal:organs")),
                *((organ.name, reverse("portal:organ", args=[organ.slug])) for organ in organs_shown),
            ],
        },
        {
            "name": "本网站",
            "links": [
                ("首页", reverse("portal:home")),
                ("搜索", reverse("portal:search")),
                ("联系方式", reverse("portal:contact")),
                ("我为政府网站找错", reverse("portal:report_error")),
                ("无障碍与关怀版", reverse("portal:accessibility")),
            ],
        },
    ]
    return render(request, "portal/sitemap.html", page_context(site.SITEMAP, groups=groups))


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
        "Disallow: /apply/receipt",
        "Disallow: /apply/mine/",
        "Disallow: /search/",
        "Disallow: /reports/verify/kept/",
        f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap_xml'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``: a body beyond the limits is 413 and says the limits, everything else 400."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)
