"""The six verbs, answered as XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from lxml import etree

from gongkai.annualreport.writers.plan import printable
from gongkai.api import following
from gongkai.api.limits import allowance
from gongkai.api.oai import records, sets
from gongkai.api.oai.arguments import Fault, Walk, begin, read, resume
from gongkai.organs.models import Organ, SiteProfile
from gongkai.search.projection import listing_kinds

NS: Final = "http://www.openarchives.org/OAI/2.0/"
IDENTIFIER: Final = "http://www.openarchives.org/OAI/2.0/oai-identifier"
TYPE: Final = "text/xml; charset=utf-8"
#: Records, or headers alone, in one answer.
MOST: Final = {"ListRecords": 100, "ListIdentifiers": 500}
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z][A-Za-z0-9-]*)+")


class Asked:
    """One request: its arguments, and the element that its answer is put into."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.site = request.build_absolute_uri("/").rstrip("/")
        self.at = timezone.now()
        profile = SiteProfile.current()
        self.profile = profile
        self.domain = profile.domain or request.get_host().partition(":")[0]
        self.root = etree.Element(f"{{{NS}}}OAI-PMH", nsmap={None: NS, "xsi": records.XSI})
        self.root.set(records.SCHEMA_LOCATION, f"{NS} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
        self.arguments: dict[str, str] = {}

    def identifier(self, key: str) -> str:
        return f"oai:{self.domain}:{key}"

    def key(self, identifier: str) -> str:
        """The key of a thing. Raises Fault idDoesNotExist for an identifier that is none of ours."""
        scheme, _, rest = identifier.partition(":")
        domain, _, key = rest.partition(":")
        if scheme != "oai" or domain != self.domain or not key or len(key) > 80:
            raise Fault("idDoesNotExist", "没有这个标识的记录。")
        return key


def put(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    """An element of the protocol."""
    element = etree.SubElement(parent, f"{{{NS}}}{name}", attributes)
    if text:
        element.text = printable(text)
    return element


def stamp(moment: datetime) -> str:
    """A time as the protocol writes it: to the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@csrf_exempt  # nothing is changed; the protocol asks for POST beside GET
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Answers a harvester. Too many calls are put off by 503 and Retry-After, as the protocol has it."""
    left = allowance(request)
    if left.exceeded:
        said = f"调用过于频繁：每分钟最多 {left.most} 次，请 {left.reset} 秒后再试。"
        response = HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "no-store"
        return left.mark(response)
    asked = Asked(request)
    answer, fault = None, None
    try:
        asked.arguments = read(request.POST if request.method == "POST" else request.GET)
        answer = etree.Element(f"{{{NS}}}{asked.arguments['verb']}")
        _VERBS[asked.arguments["verb"]](asked, answer)
    except Fault as problem:
        fault = problem
    put(asked.root, "responseDate", stamp(asked.at))
    # Where the arguments themselves are wrong, they are not repeated.
    plain = fault is not None and fault.code in ("badVerb", "badArgument")
    shown = {} if plain else {name: printable(value) for name, value in asked.arguments.items()}
    put(asked.root, "request", f"{asked.site}/oai", **shown)
    if fault is not None:
        put(asked.root, "error", str(fault), code=fault.code)
    else:
        asked.root.append(answer)
    body = etree.tostring(asked.root, xml_declaration=True, encoding="UTF-8")
    response = HttpResponse(body, content_type=TYPE)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def catalogue_schema(request: HttpRequest) -> HttpResponse:
    """The schema of the second format."""
    response = HttpResponse(records.SCHEMA, content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response


# verbs --------------------------------------------------------------------------------------------------------------


def _identify(asked: Asked, out: Any) -> None:
    profile = asked.profile
    name = profile.organ.name if profile.organ else profile.site_name
    put(out, "repositoryName", f"{name}信息公开")
    put(out, "baseURL", f"{asked.site}/oai")
    put(out, "protocolVersion", "2.0")
    put(out, "adminEmail", _email(asked))
    put(out, "earliestDatestamp", stamp(following.first()))
    put(out, "deletedRecord", "persistent")
    put(out, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    if _DOMAIN.fullmatch(asked.domain):
        about = etree.SubElement(
            put(out, "description"),
            f"{{{IDENTIFIER}}}oai-identifier",
            nsmap={None: IDENTIFIER, "xsi": records.XSI},
        )
        about.set(records.SCHEMA_LOCATION, f"{IDENTIFIER} {IDENTIFIER}.xsd")
        values = {
            "scheme": "oai", "repositoryIdentifier": asked.domain, "delimiter": ":",
            "sampleIdentifier": asked.identifier("document:1"),
        }  # fmt: skip
        for element, text in values.items():
            etree.SubElement(about, f"{{{IDENTIFIER}}}{element}").text = text


def _email(asked: Asked) -> str:
    """Who looks after the site; the address that every domain has (RFC 2142) where the profile names none."""
    profile = asked.profile
    organ = profile.organ
    own = organ.email if organ and "电子邮箱" not in organ.contact_errors() else ""
    return profile.email or own or f"webmaster@{asked.domain}"


def _formats(asked: Asked, out: Any) -> None:
    if "identifier" in asked.arguments:
        _one(asked)
    schemas = {"oai_dc": records.OAI_DC_XSD, "catalogue": f"{asked.site}/oai/catalogue.xsd"}
    for prefix, namespace in records.FORMATS.items():
        one = put(out, "metadataFormat")
        put(one, "metadataPrefix", prefix)
        put(one, "schema", schemas[prefix])
        put(one, "metadataNamespace", namespace)


def _sets(asked: Asked, out: Any) -> None:
    found, token = sets.page(asked.arguments.get("resumptionToken", ""))
    for spec, name in found:
        one = put(out, "set")
        put(one, "setSpec", spec)
        put(one, "setName", name)
    if token or "resumptionToken" in asked.arguments:
        put(out, "resumptionToken", token)


def _one(asked: Asked) -> following.Change:
    change = following.one(asked.key(asked.arguments["identifier"]))
    if change is None or change.kind in listing_kinds():
        raise Fault("idDoesNotExist", "没有这个标识的记录。")
    return change


def _offered(prefix: str) -> None:
    if prefix not in records.FORMATS:
        raise Fault("cannotDisseminateFormat", f"没有这种格式，可用：{'、'.join(records.FORMATS)}。")


def _get(asked: Asked, out: Any) -> None:
    change = _one(asked)
    _offered(asked.arguments["metadataPrefix"])
    for record in records.load([change]):
        organs = _organs([change])
        _record(asked, out, record, organs, asked.arguments["metadataPrefix"])


def _walk(asked: Asked) -> Walk:
    first = following.first()
    if "resumptionToken" in asked.arguments:
        walk = resume(asked.arguments["resumptionToken"], first)
        if walk.prefix not in records.FORMATS:
            raise Fault("badResumptionToken", "resumptionToken 无法识别。请原样使用上一次返回的，或从头取。")
    else:
        _offered(asked.arguments["metadataPrefix"])
        walk = begin(asked.arguments, first)
    # A harvester takes this time for the beginning of its next visit: the list is complete up to then.
    asked.at = walk.marks.as_of
    return walk


def _list(asked: Asked, out: Any) -> None:
    walk = _walk(asked)
    whole = asked.arguments["verb"] == "ListRecords"
    changes, reached = following.walk(walk.wanted, walk.marks, MOST[asked.arguments["verb"]])
    organs = _organs(changes)
    if whole:
        for record in records.load(changes):
            _record(asked, out, record, organs, walk.prefix)
    else:
        for change in changes:
            _header(asked, out, change, organs)
    if not len(out):
        raise Fault("noRecordsMatch", "没有符合条件的记录。")
    if reached is not None:
        put(out, "resumptionToken", walk.token(reached, len(changes)), cursor=str(walk.had))
    elif walk.had:
        put(out, "resumptionToken", cursor=str(walk.had))


def _organs(changes: list[following.Change]) -> Mapping[int, str]:
    pks = {change.organ_id for change in changes if change.organ_id}
    return dict(Organ.objects.filter(pk__in=pks).values_list("pk", "slug"))


def _header(asked: Asked, out: Any, change: following.Change, organs: Mapping[int, str]) -> None:
    header = put(out, "header", **({"status": "deleted"} if change.withdrawn else {}))
    put(header, "identifier", asked.identifier(change.key))
    put(header, "datestamp", stamp(change.at))
    for spec in sets.of(change, organs):
        put(header, "setSpec", spec)


def _record(asked: Asked, out: Any, record: records.Record, organs: Mapping[int, str], prefix: str) -> None:
    one = put(out, "record")
    _header(asked, one, record.change, organs)
    if record.doc is not None and not record.change.withdrawn:
        put(one, "metadata").append(records.metadata(prefix, record, asked.site))


_VERBS: Final[Mapping[str, Callable[[Asked, Any], None]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "ListIdentifiers": _list,
    "ListRecords": _list,
    "GetRecord": _get,
}
