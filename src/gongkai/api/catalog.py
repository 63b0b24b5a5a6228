"""The catalogue of the datasets for machines, in the terms of DCAT."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gongkai.api import bulk
from gongkai.api.datasets import LICENCE
from gongkai.organs.models import SiteProfile

_IRI = "@id"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # What is written as a text here is an address there.
    **{
        name: {"@id": name, "@type": _IRI}
        for name in (
            "dcat:downloadURL", "dcat:accessURL", "dcat:mediaType", "dcat:endpointURL", "dcat:endpointDescription",
            "dcat:landingPage", "dct:conformsTo", "spdx:algorithm",
        )
    },
}  # fmt: skip
SCHEMA = "https://schema.org"
OAI = "http://www.openarchives.org/OAI/2.0/"
MEDIA = "https://www.iana.org/assignments/media-types/"
SUM = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


def catalog(request: HttpRequest) -> dict[str, Any]:
    """The catalogue with its datasets and their files, and the interface as a data service."""
    profile = SiteProfile.current()
    name = profile.organ.name if profile.organ else profile.site_name
    here = request.build_absolute_uri(reverse("open_data"))
    made = bulk.manifest()
    publisher = {"@type": "foaf:Organization", "foaf:name": profile.sponsor or name}
    return {
        "@context": CONTEXT, "@id": here, "@type": "dcat:Catalog", "dct:title": f"{name}开放数据",
        "dct:language": "zh-CN", "dct:publisher": publisher, "dct:license": _licence(here),
        "dcat:dataset": [_dataset(request, here, one, made, publisher) for one in made.get("datasets", ())],
        "dcat:service": [
            {
                "@type": "dcat:DataService", "dct:title": "开放数据接口",
                "dcat:endpointURL": request.build_absolute_uri("/api/v1/"),
                "dcat:endpointDescription": request.build_absolute_uri(reverse("api-v1:openapi-json")),
            },
            {
                "@type": "dcat:DataService", "dct:title": "元数据收割（OAI-PMH 2.0）", "dct:conformsTo": OAI,
                "dcat:endpointURL": request.build_absolute_uri(reverse("oai")),
            },
        ],
    }  # fmt: skip


def structured(request: HttpRequest) -> dict[str, Any]:
    """The same in the terms of schema.org, for the search engines that look for data."""
    profile = SiteProfile.current()
    name = profile.organ.name if profile.organ else profile.site_name
    here = request.build_absolute_uri(reverse("open_data"))
    made = bulk.manifest()
    organisation = {"@type": "GovernmentOrganization", "name": profile.sponsor or name}
    return {
        "@context": SCHEMA, "@type": "DataCatalog", "name": f"{name}开放数据", "url": here, "inLanguage": "zh-CN",
        "publisher": organisation,
        "dataset": [
            {
                "@type": "Dataset", "name": one["title"], "description": one["about"], "url": f"{here}#{one['name']}",
                "inLanguage": "zh-CN", "isAccessibleForFree": True, "license": f"{here}#licence", "creator": organisation,
                "dateModified": made["updated_at"],
                "distribution": [
                    {
                        "@type": "DataDownload", "encodingFormat": bulk.TYPES[file["format"]].partition(";")[0],
                        "contentSize": f"{file['size']} B", "sha256": file["sha256"],
                        "contentUrl": request.build_absolute_uri(
                            reverse("open_data_file", args=[one["name"], file["format"]])
                        ),
                    }
                    for file in one["files"]
                ],
            }
            for one in made.get("datasets", ())
        ],
    }  # fmt: skip


def _licence(here: str) -> dict[str, Any]:
    return {"@id": f"{here}#licence", "@type": "dct:LicenseDocument", "rdfs:label": LICENCE}


def _dataset(
    request: HttpRequest, here: str, one: dict[str, Any], made: dict[str, Any], publisher: dict[str, Any]
) -> dict[str, Any]:
    return {
        "@id": f"{here}#{one['name']}", "@type": "dcat:Dataset", "dct:title": one["title"], "dct:description": one["about"],
        "dct:identifier": one["name"], "dct:language": "zh-CN", "dcat:landingPage": f"{here}#{one['name']}",
        "dct:license": _licence(here), "dct:publisher": publisher,
        "dct:modified": {"@type": "xsd:dateTime", "@value": made["updated_at"]},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution", "dct:license": _licence(here),
                "dct:format": file["format"].upper(),
                "dcat:mediaType": f"{MEDIA}{bulk.TYPES[file['format']].partition(';')[0]}", "dcat:accessURL": here,
                "dcat:byteSize": file["size"],
                "dcat:downloadURL": request.build_absolute_uri(
                    reverse("open_data_file", args=[one["name"], file["format"]])
                ),
                "spdx:checksum": {
                    "@type": "spdx:Checksum", "spdx:algorithm": SUM,
                    "spdx:checksumValue": file["sha256"],
                },
            }
            for file in one["files"]
        ],
    }  # fmt: skip
