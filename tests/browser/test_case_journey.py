"""One application from the applicant's phone to the archived file, every step clicked by whose duty it is.

The applicant files, is asked to correct and corrects; the clerk takes it in; the case officer consults a third party, asks
for an extension, redacts and drafts; the head of the office agrees; the reviewer reviews; the leader signs; the applicant
takes the letter and the redacted copy away; the clerk files it. Nothing is done by a service call in between.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from contextlib import closing
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from gongkai.applications.letters.layout import sample_sheet
from gongkai.applications.letters.pdf import pdf_of
from gongkai.applications.models import Application, OrganSettings
from gongkai.applications.services import verify_chain
from gongkai.organs import services as organ_services
from gongkai.organs.models import AuditEntry
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from tests.applications.public_world import ID, PDF
from tests.applications.redaction_samples import pdf_bytes_unpacked, spellings
from tests.browser.looking import violations
from tests.reports.world import PASSWORD, World

pytestmark = pytest.mark.browser

SECRET = "张三四"
SECRET_NUMBER = "640302198001011234"
PUBLIC = "每亩补偿标准为四万二千元"
ASKED = "某村2025年土地征收补偿安置方案"
SHOTS = os.environ.get("GONGKAI_JOURNEY_PICTURES", "")


def text_of(data: bytes) -> str:
    with closing(pdfium.PdfDocument(data)) as document:
        return "".join("".join(page.get_textpage().get_text_range() for page in document).split())


def source_pdf() -> bytes:
    text = f"{PUBLIC}。\n安置户{SECRET}，证件号码{SECRET_NUMBER}，安置房一套。\n本方案自批准之日起施行。"
    return pdf_of([sample_sheet("某村土地征收补偿安置方案", text, "利通区财政局")])


class Person:
    """A browser of one's own. ``look`` keeps a picture at both widths where a folder is named, and asks axe."""

    def __init__(self, browser: Any, site: str, width: int = 1280) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15000)
        self.site, self.width = site, width
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda problem: self.wrong.append(str(problem)))
        self.page.on(
            "response", lambda r: self.wrong.append(f"{r.status} {r.url}") if r.status >= 500 else None
        )

    def go(self, path: str) -> Person:
        self.page.goto(self.site + path)
        return self

    def click(self, what: str, within: str = "") -> Person:
        """The link or button with this text."""
        place = self.page.locator(within or "body")
        place.get_by_role("link", name=what).or_(place.get_by_role("button", name=what)).first.click()
        self.page.wait_for_load_state("load")
        return self

    def fill(self, **values: str) -> Person:
        for name, value in values.items():
            box = self.page.locator(f"[name={name}]:visible").first
            if box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(value)
            elif box.get_attribute("type") in ("radio", "checkbox"):
                self.page.locator(f"[name={name}][value='{value}']").check()
            else:
                box.fill(value)
        return self

    def sees(self, text: str) -> Person:
        said = self.page.inner_text("body")
        assert text in said, f"没有“{text}”：{self.page.url}\n{said[:3000]}"
        return self

    def look(self, name: str, *, axe: bool = True) -> Person:
        self.page.wait_for_timeout(600)  # a message that still fades in has no contrast yet
        found = violations(self.page) if axe else []
        for width in (1280, 390) if SHOTS else ():
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.wait_for_timeout(150)
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": self.width, "height": 900})
        assert not found, (name, found)
        return self

    def download(self, what: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=what).or_(
                self.page.get_by_role("button", name=what)
            ).first.click()
        return Path(waiting.value.path()).read_bytes()

    def close(self) -> None:
        self.context.close()
        assert self.wrong == []


class Staff(Person):
    """Somebody of the organ, logged in with the password."""

    def __init__(self, browser: Any, site: str, username: str) -> None:
        super().__init__(browser, site)
        self.go("/desk/login/").fill(username=username, password=PASSWORD)
        self.page.locator("form button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"/desk/(?!login)"))

    def case(self, application: Application) -> Staff:
        self.go(f"/desk/applications/{application.pk}/")
        return self

    def act(self, application: Application, verb: str, **values: str) -> Staff:
        """One of the case's acts, filled in and recorded."""
        self.case(application).click(verb, ".cs-next")
        self.fill(**values).page.locator(".cs-form button[type=submit]").first.click()
        self.page.wait_for_url(re.compile(rf"/applications/{application.pk}/$"))
        return self

    def letter(self, button: str, **values: str) -> Staff:
        """A button of the letter that is open."""
        self.fill(**values)
        self.page.locator(f"button[name=act]:visible:has-text('{button}')").first.click()
        self.page.wait_for_load_state("load")
        assert "没有办成" not in self.page.inner_text("main"), self.page.inner_text(".gk-notice")
        return self


@pytest.fixture
def office(world: World) -> dict[str, str]:
    """The department's people; the leader is another than who decides, the head another than who asks."""
    for name, role in (
        ("clerk", Role.OFFICER),
        ("head", Role.DIRECTOR),
        ("reviewer", Role.REVIEWER),
        ("signer", Role.LEADER),
    ):
        organ_services.create_person(
            SYSTEM, world.dept, username=name, name=name, role=role, password=PASSWORD, on=date(2020, 1, 1)
        )
    from django.contrib.auth import get_user_model

    head = get_user_model().objects.get(username="head")
    organ_services.save_work_office(
        SYSTEM,
        world.dept,
        name="办公室",
        head=head,
        hours="",
        phone="0953-2012345",
        address="利通区某街 1 号",
    )
    OrganSettings.objects.create(
        organ=world.ltq, court_name="利通区人民法院", online_reconsideration="利通区行政复议网上平台"
    )
    return {"clerk": "收件", "editor": "承办", "head": "负责人", "reviewer": "审核", "signer": "签发"}


def test_from_the_applicants_phone_to_the_archived_file(
    office: dict[str, str], site: str, browser: Any, tmp_path: Path, world: World
) -> None:
    applicant, receipt, code = file_it(browser, site, tmp_path)
    case = Application.objects.get()
    clerk = Staff(browser, site, "clerk")
    take_in(clerk, case, world.editor.pk)
    officer = Staff(browser, site, "editor")
    ask_to_correct(officer, case)
    correct(browser, site, applicant, receipt, code)
    officer.case(case).sees(ASKED).sees("申请人补充材料").look("officer-case-corrected")
    consult(officer, case)
    head = Staff(browser, site, "head")
    extend(officer, head, case)
    redact(officer, case, tmp_path)
    reviewer, signer = Staff(browser, site, "reviewer"), Staff(browser, site, "signer")
    answer(officer, reviewer, signer, case)
    serve(clerk, case, tmp_path)
    letter, released = collect(browser, site, receipt, code)
    assert ASKED in letter
    assert "部分公开" in letter
    assert "行政复议" in letter
    gone(released)
    archive(clerk, case)
    for person in (applicant, clerk, officer, head, reviewer, signer):
        person.close()
    everything_on_record(case)


def file_it(browser: Any, site: str, tmp_path: Path) -> tuple[Person, str, str]:
    """On the phone, on the public form, with an attachment."""
    one = Person(browser, site, width=390)
    proof = tmp_path / "身份证.pdf"
    proof.write_bytes(PDF)
    one.go("/apply/?q=财政").look("apply-find").page.click("a[aria-label^='向利通区财政局申请']")
    one.fill(kind="natural", name="王小明", identity_number=ID, phone="13800000000", description="土地的材料")
    one.fill(form_wanted="电子文件", route_wanted="在本网站下载")
    one.page.set_input_files("#id_identity_file", str(proof))
    one.page.wait_for_timeout(3300)
    one.look("apply-form").page.click("button.btn-main[value=submit]")
    one.page.wait_for_selector("#query-code")
    one.look("apply-receipt")
    return one, one.page.inner_text("#receipt-number"), one.page.inner_text("#query-code")


def take_in(clerk: Staff, case: Application, officer: int) -> None:
    """Confirm receipt, register, assign to the case officer."""
    clerk.go("/desk/").look("clerk-today", axe=False).go("/desk/applications/confirm/").look(
        "clerk-confirm", axe=False
    )
    row = clerk.page.locator(f"#case-{case.pk}")
    row.locator("[name$=handler]").select_option(str(officer))
    row.locator("[name$=register]").check()
    note = row.locator("[name$=note]")
    note.fill("电话确认")
    clerk.click("已确认收到")
    case.refresh_from_db()
    assert case.number
    assert str(case.handler) == "editor"


def ask_to_correct(officer: Staff, case: Application) -> None:
    officer.case(case).look("officer-case")
    officer.act(case, "发出补正告知", items="请写明所需文件的名称、年度", days="10")
    officer.sees("期限已停止，等待申请人")


def correct(browser: Any, site: str, one: Person, receipt: str, code: str) -> None:
    """With the code, in a browser that knows nothing of the filing."""
    other = Person(browser, site, width=390)
    track(other, receipt, code)
    other.sees("请写明所需文件的名称、年度").look("track-correction").click("提交补正")
    other.fill(text=ASKED)
    other.look("track-correct-form")
    other.page.locator("form.apply button.btn-main").click()
    other.page.wait_for_load_state("load")
    other.sees("补正").look("track-corrected").close()


def track(one: Person, receipt: str, code: str) -> None:
    one.go("/apply/track/").fill(receipt=receipt, code=code)
    one.page.locator("form.apply button.btn-main").click()
    one.page.wait_for_load_state("load")


def consult(officer: Staff, case: Application) -> None:
    """A third party is asked, gets the letter and objects with a reason."""
    officer.act(case, "征求第三方意见", party="安置户代表")
    officer.act(case, "登记第三方收到函")
    officer.look("officer-consulting")
    officer.act(
        case, "登记第三方答复", opinion="object", grounds="公开姓名和证件号码会损害隐私", reasonable="True"
    )
    officer.sees("不同意公开")


def extend(officer: Staff, head: Staff, case: Application) -> None:
    officer.case(case).click("延期答复", ".cs-next")
    officer.fill(days="10", reason="所涉档案需要逐页区分处理").look("officer-extension")
    officer.page.locator(".cs-form button[type=submit]").first.click()
    officer.page.wait_for_load_state("load")
    head.go("/desk/").look("head-today", axe=False)
    head.case(case).click("去决定")
    head.page.locator("[name=verdict][value=grant]").check()
    head.look("head-extension").page.locator(".cs-form button[type=submit]").first.click()
    head.page.wait_for_url(re.compile(rf"/applications/{case.pk}/$"))
    head.sees("延期答复")


def redact(officer: Staff, case: Application, tmp_path: Path) -> None:
    """The original goes in, a name is found by word and a number covered by drawing."""
    source = tmp_path / "安置方案.pdf"
    source.write_bytes(source_pdf())
    officer.case(case).click("收入文件")
    officer.fill(kind="source")
    officer.page.set_input_files("[name=file]", str(source))
    officer.page.locator(".gk-act button[type=submit]").click()
    officer.page.wait_for_url(re.compile(rf"/applications/{case.pk}/$"))
    officer.click("区分处理")
    page = officer.page
    page.select_option("#id_ground", "refused_third_party")
    for word in (SECRET, SECRET_NUMBER):
        page.fill("#id_words", word)
        officer.click("查找并标出")
    officer.sees("已标出 2 处").look("officer-redact", axe=False).click("预览结果")
    officer.look("officer-redact-preview", axe=False).click("保存区分处理后的文件")
    page.wait_for_url(re.compile(rf"/applications/{case.pk}/$"))
    officer.sees("已保存")


def answer(officer: Staff, reviewer: Staff, signer: Staff, case: Application) -> None:
    """Search, decide, draft, legal review, signature: three pairs of eyes."""
    officer.act(case, "记录检索", places="机关档案室", terms="征收 安置", found="True")
    officer.case(case).click("作出决定", ".cs-next")
    officer.page.locator("[name=outcome]").first.select_option("partial/usual")
    officer.page.locator(".cs-form button[type=submit]").first.click()
    officer.page.wait_for_url(re.compile(rf"/applications/{case.pk}/$"))
    officer.click("拟写答复书").look("officer-draft-form", axe=False)
    fill_by_label(officer, "区分处理后的文本", "《某村土地征收补偿安置方案》区分处理后的复制件1份。")
    fill_by_label(officer, "未公开的部分", "安置户的姓名和证件号码｜保护第三方合法权益｜公开会损害其个人隐私")
    fill_by_label(officer, "提供方式", "以电子文件在本网站下载")
    officer.click("生成草稿")
    officer.page.locator("fieldset:has(legend:text('附件')) label:has-text('区分处理')").first.click()
    officer.letter("保存").look("officer-letter", axe=False).letter("送法制审核").sees("待法制审核")
    address = officer.page.url
    reviewer.page.goto(address)
    reviewer.look("reviewer-letter", axe=False).letter("审核通过", opinion="同意").sees("待签发")
    signer.page.goto(address)
    signer.look("signer-letter", axe=False).letter("签发").sees("已签发")


def fill_by_label(one: Person, label: str, value: str) -> None:
    one.page.get_by_label(label, exact=True).fill(value)


def serve(clerk: Staff, case: Application, tmp_path: Path) -> None:
    """Delivered by the website, with the record of sending as proof."""
    proof = tmp_path / "发送记录.pdf"
    proof.write_bytes(PDF)
    clerk.case(case).click("登记送达", ".cs-next")
    clerk.page.set_input_files("[name=proof]", str(proof))
    clerk.page.select_option("[name=way]", "electronic")
    clerk.look("clerk-deliver", axe=False).letter("登记送达").sees("电子送达")


def collect(browser: Any, site: str, receipt: str, code: str) -> tuple[str, bytes]:
    """The applicant's letter as text and the redacted copy as bytes."""
    one = Person(browser, site, width=390)
    track(one, receipt, code)
    one.sees("部分公开").look("track-answered")
    letter = one.download("政府信息公开答复书")
    released = one.download("区分处理后的信息")
    one.close()
    return text_of(letter), released


def gone(data: bytes) -> None:
    """What was covered is neither in the bytes nor in any stream nor in the text; what is public still is."""
    text = text_of(data)
    assert PUBLIC in text
    unpacked = data + pdf_bytes_unpacked(data)
    for secret in (SECRET, SECRET_NUMBER):
        assert secret not in text
        assert not [form for form in spellings(secret) if form in unpacked]


def archive(clerk: Staff, case: Application) -> None:
    """Filed as one package whose every member has the digest the manifest says."""
    clerk.case(case).click("归档", ".cs-next").look("clerk-archive")
    clerk.page.locator("form.cs-form button:has-text('归档')").click()
    clerk.page.wait_for_load_state("load")
    clerk.sees("已归档").look("clerk-archived").fill(reason="核对归档内容")
    package = clerk.download("下载案卷（ZIP）")
    clerk.click("核验电子案卷").sees("核验无误")
    with zipfile.ZipFile(BytesIO(package)) as box:
        assert box.testzip() is None
        names = box.namelist()
        manifest = json.loads(next(box.read(n) for n in names if n.endswith("manifest.json")))
        for member in manifest["members"]:
            assert hashlib.sha256(box.read(member["path"])).hexdigest() == member["sha256"]
        assert len(names) > 8


def everything_on_record(case: Application) -> None:
    case.refresh_from_db()
    assert (case.status, case.row) == ("archived", "partial")
    assert not list(verify_chain(case))
    actors = {row.actor_name for row in case.records.all()}
    assert {"申请人", "clerk", "editor", "head", "signer"} <= actors
    said = " ".join(AuditEntry.objects.filter(act__startswith="letter").values_list("act", flat=True))
    assert all(
        step in said
        for step in ("letter.draft", "letter.submit", "letter.review", "letter.sign", "letter.deliver")
    )
