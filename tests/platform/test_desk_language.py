"""No English on a clerk's screen, and the translation files are what they say they are."""

from __future__ import annotations

import gettext as gettext_module
import io
import re
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from django.utils.translation.trans_real import DjangoTranslation

from gongkai.desk.catalogue import FOLDER, mo_bytes, read_po
from gongkai.organs.testing import load_factories
from tests.platform.desk_urls import desk_addresses
from tests.platform.test_every_desk_url import our_viewsets, values_for
from tests.platform.world import MARKER, World

#: What a Chinese office writes in Latin letters itself, and what stands for data (codes, slugs, digests, accounts).
ALLOWED = re.compile(
    r"\b(HTML|PDF|CSV|JSON|XLSX?|Excel|ICP|IP|OFD|DOCX|ID|MB|RFC|Gongkai|Ctrl|Shift|Alt|Enter|Esc|Tab|Cmd|Command)\b"
    r"|[\w.+*-]+@[\w.-]+|https?://\S+|\b[0-9a-f]{16,64}\b|\b[a-z]+-[a-z0-9-]+\b|\b[ut]\d+\b|\b20\d{6}[2-9A-Z]{6}\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[A-Za-z]{3,}")
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-w-progress-active-value")


class Visible(HTMLParser):
    """Collects the text a person sees or hears."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.hidden: list[str] = []  # open elements from the outermost hidden one inwards

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("input", "br", "img", "hr", "meta", "link", "use", "path"):
            pass
        elif self.hidden or tag in ("script", "style", "svg") or (tag == "div" and "hidden" in values):
            self.hidden.append(tag)
        self.texts += [values[name] or "" for name in SPOKEN if name in values]
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.texts.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:
            while self.hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)


def english(html: str) -> set[str]:
    parser = Visible()
    parser.feed(html)
    return {text.strip() for text in parser.texts if WORD.search(ALLOWED.sub(" ", text))}


def test_the_detector_detects() -> None:
    assert english("<p>Page 1 of 2</p><script>var x = 'hidden words'</script>") == {"Page 1 of 2"}
    assert english('<button aria-label="Toggle">保存为 PDF 给 a@b.cn</button>') == {"Toggle"}
    assert english("<td>发给 王***@example.com</td>") == set()


@pytest.mark.parametrize("who", ["director_a", "admin"])
def test_no_english_on_any_page(world: World, who: str) -> None:
    factories = load_factories()
    objects = {
        v.url_namespace: factories[v.model](world.a, MARKER) for v in our_viewsets() if v.model in factories
    }
    client = world.client(getattr(world, who))
    client.raise_request_exception = False
    # The unlimited administrator can type the address of stock Wagtail pages; no menu leads there.
    ours = {*objects, ""}
    seen = 0
    found: dict[str, set[str]] = {}
    for address in desk_addresses():
        namespace = address.namespaces[-1] if address.namespaces else ""
        if namespace not in ours or "logout" in address.route:
            continue
        if not address.namespaces and address.name not in OUR_PAGES:
            continue
        path = address.fill(values_for(address, world, objects))
        for method in ("get", "post") if "new" in path or "edit" in path else ("get",):
            response = getattr(client, method)(path)
            if response.status_code == 200 and "html" in response["Content-Type"]:
                seen += 1
                words = english(response.content.decode())
                if words:
                    found[f"{method} {path}"] = words
    assert seen > 25
    assert not found


OUR_PAGES = {"wagtailadmin_home", "wagtailadmin_account", "site_profile"}


def test_no_english_at_the_door(client: Any, db: None) -> None:
    for response in (
        client.get("/desk/login/"),
        client.post("/desk/login/", {"username": "x", "password": "y"}),
    ):
        assert response.status_code == 200
        assert not english(response.content.decode())


def test_denied_and_missing_pages_speak_chinese(world: World) -> None:
    client = world.client(world.director_b)
    missing = client.get("/desk/organs/edit/999999/")
    assert missing.status_code == 404
    assert not english(missing.content.decode())
    denied = client.get("/desk/users/", follow=True)
    assert not english(denied.content.decode())
    assert "您的职责不包括" in denied.content.decode()


def test_menu_labels_are_chinese_and_in_order(world: World) -> None:
    from wagtail.admin.menu import admin_menu

    request = type("Request", (), {"user": world.director_a})()
    labels = [item.label for item in admin_menu.menu_items_for_request(request)]
    order = ["工作台", "主动公开", "依申请公开", "信息管理", "平台建设", "监督保障", "年度报告", "系统"]
    assert labels[0] == "工作台"
    assert labels[-1] == "系统"
    assert labels == [label for label in order if label in labels]
    system = admin_menu.menu_items_for_request(request)[-1].menu.menu_items_for_request(request)
    assert [i.label for i in system] == [
        "机构", "公开工作机构", "人员与职责", "队伍备案册", "交接单", "审计", "接口密钥",
    ]  # fmt: skip


def test_compiled_catalogues_are_up_to_date() -> None:
    for po in FOLDER.glob("*.po"):
        assert po.with_suffix(".mo").read_bytes() == mo_bytes(read_po(po)), "run: manage compile_desk_locale"


def test_compiled_catalogue_is_read_by_gettext() -> None:
    catalogue = gettext_module.GNUTranslations(io.BytesIO((FOLDER / "django.mo").read_bytes()))
    assert catalogue.gettext("Locked by you") == "已由您锁定"


def test_placeholders_survive_translation() -> None:
    pattern = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
    for po in FOLDER.glob("*.po"):
        for key, text in read_po(po).items():
            wanted = set(pattern.findall(key))
            assert set(pattern.findall(text)) <= wanted, key


def test_every_script_string_of_wagtail_is_translated() -> None:
    """The side bar and the editor draw their words in the browser from this catalogue."""
    spec = find_spec("wagtail.admin")
    assert spec is not None
    locale = Path(str(spec.origin)).parent / "locale"
    with override("zh-hans"):
        merged = DjangoTranslation("zh-hans", domain="djangojs", localedirs=[str(locale)])
    keys = {key.split("\0")[0] for key in read_po(locale / "en/LC_MESSAGES/djangojs.po") if key}
    assert len(keys) > 50
    catalogue = merged._catalog
    assert not {key for key in keys if catalogue.get(key) is None and catalogue.get((key, 0)) is None}
