"""The catalogue of the datasets for machines, in the terms of DCAT."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gongkai.api import bulk
from gongkai.organs.models import SiteProfile

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalog(request: HttpRequest) -> dict[str, Any]:
    """The catalogue with its datasets and their files, and the interface as a data service."""
    profile = SiteProfile.current()
    name = profile.organ.name if profile.organ else profile.site_name
    here = request.build_absolute_uri(reverse("open_data"))
    made = bulk.manifest()
    publisher = {"@type": "foaf:Organization", "foaf:name": profile.sponsor or name}
    return {
        "@context": CONTEXT, "@id": here, "@type": "dcat:Catalog", "dct:title": f"{name}开放数据",
        "dct:language": "zh-CN", "dct:publisher": publisher, "dct:license": made.get("licence", bulk.LICENCE),
        "dcat:dataset": [_dataset(request, here, one, made, publisher) for one in made.get("datasets", ())],
        "dcat:service": {
            "@type": "dcat:DataService", "dct:title": "开放数据接口",
            "dcat:endpointURL": request.build_absolute_uri("/api/v1/"),
            "dcat:endpointDescription": request.build_absolute_uri(reverse("api-v1:openapi-json")),
        },
    }  # fmt: skip


def _dataset(
    request: HttpRequest, here: str, one: dict[str, Any], made: dict[str, Any], publisher: dict[str, Any]
) -> dict[str, Any]:
    return {
        "@id": f"{here}#{one['name']}", "@type": "dcat:Dataset", "dct:title": one["title"], "dct:description": one["about"],
        "dct:license": made["licence"], "dct:publisher": publisher,
        "dct:modified": {"@type": "xsd:dateTime", "@value": made["updated_at"]},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution", "dcat:mediaType": bulk.TYPES[file["format"]].partition(";")[0],
                "dcat:byteSize": file["size"],
                "dcat:downloadURL": request.build_absolute_uri(
                    reverse("open_data_file", args=[one["name"], file["format"]])
                ),
                "spdx:checksum": {
                    "@type": "spdx:Checksum", "spdx:algorithm": "spdx:checksumAlgorithm_sha256",
                    "spdx:checksumValue": file["sha256"],
                },
            }
            for file in one["files"]
        ],
    }  # fmt: skip
