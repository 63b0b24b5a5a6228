"""The form: what it demands, that nothing typed is lost, that it files once, that it keeps robots out."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gongkai.applications.models import Application, CaseFile, Draft, DraftFile, OrganSettings, Submission
from gongkai.applications.public import drafts, guard, identity
from gongkai.organs.models import Organ
from tests.applications.public_world import FORM, ID, PDF, URL, USCC, filed, make_organ, old_ticket, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organ() -> Organ:
    cache.clear()  # the counters of one test must not reach the next
    return make_organ()


def errors(response) -> list[str]:
    assert response.status_code == 422
    block = re.search(r'id="problems".*?</ol>', response.content.decode(), re.S)
    assert block
    return [re.sub("<[^>]+>", "", text) for text in re.findall(r"<li>(.*?)</li>", block[0])]


def test_a_person_files_and_gets_a_receipt(client: Client) -> None:
    application, code = filed(
        client, assistance="请用大字", electronic_service="on", reference="清政发〔2025〕3号"
    )
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{5} [2-9A-HJKMNP-Z]{5}", code)
    assert (application.channel, application.form_wanted, application.route_wanted) == (
        "online",
        "电子文件",
        "在本网站下载",
    )
    assert application.applicant.name == "王小明"
    assert application.envelope == {"electronic_service": "同意电子送达"}
    assert (application.assistance, application.status) == ("请用大字", "submitted")
    page = client.get("/apply/receipt/").content.decode()
    assert application.receipt in page
    assert "条例第三十一条" in page
    assert "20 个工作日" in page


@pytest.mark.parametrize("kind", ["business", "research", "welfare", "legal_service", "other"])
def test_each_kind_of_organisation_files(client: Client, kind: str) -> None:
    application, _ = filed(
        client, kind=kind, name="", identity_number="", org_name="清河某某有限公司", credit_code=USCC.lower(), contact_person="李四"
    )  # fmt: skip
    assert (application.applicant.kind, application.applicant.name) == (kind, "清河某某有限公司")
    assert application.applicant.identity_number == USCC
    assert application.column == kind


def test_errors_come_all_at_once_with_a_way_to_each_field(client: Client) -> None:
    response = submit(client, name="", identity_number="110101199003071234", phone="123456789012", email="a@", description="",
                      form_wanted="", postcode="12")  # fmt: skip
    found = errors(response)
    assert len(found) == 7
    page = response.content.decode()
    for target in re.findall(r'href="#(id_[a-z_]+)"', page):
        assert f'id="{target}"' in page
    assert found[0].startswith("请填写所需政府信息")  # in the order of the page
    for name in ("name", "identity_number", "phone", "email", "description", "postcode"):
        control = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', page)
        assert control
        assert 'aria-invalid="true"' in control[0]
        described = re.search(r'aria-describedby="([^"]+)"', control[0])
        assert described
        for part in described[1].split():
            assert f'id="{part}"' in page
    assert "110101199003071234" in page  # what was typed is still there
    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identity_number": "11010119900307123"}, "18 位，现为 17 位"),
        ({"identity_number": "110101199013071234"}, "出生日期"),
        ({"identity_number": "110101199003071234"}, "校验码"),
        ({"identity_number": ""}, "请填写证件号码"),
        ({"kind": "business", "org_name": "某公司", "credit_code": "91350100M000100Y44", "contact_person": "李"}, "校验位"),
        ({"kind": "business", "credit_code": USCC, "contact_person": "李"}, "请填写单位名称"),
        ({"phone": ""}, "至少留一种联系方式"),
        ({"route_wanted": "邮寄"}, "请填写通信地址"),
        ({"route_wanted": "电子邮件"}, "请填写电子邮箱"),
        ({"agent_name": "赵六"}, "代理人的居民身份证号码"),
        ({"agent_name": "赵六", "agent_identity_number": ID}, "授权委托书"),
        ({"kind": "martian"}, "请从列出的类别里选择"),
        ({"description": "长" * 3001}, "最多 3000 个字"),
        ({"form_wanted": "石板"}, "请从列出的选项里选择"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_chinese(client: Client, changes: dict[str, str], words: str) -> None:
    assert any(words in text for text in errors(submit(client, **changes)))


def test_what_stands_in_the_other_group_is_no_error(client: Client) -> None:
    application, _ = filed(client, credit_code="写了一半", org_name="某公司")
    assert application.applicant.kind == "natural"
    assert application.applicant.identity_number == ID


def test_full_width_digits_and_blanks_are_understood(client: Client) -> None:
    wide = ID.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    application, _ = filed(client, identity_number=f" {wide[:6]} {wide[6:]}", phone="１３８００００００００")
    assert (application.applicant.identity_number, application.applicant.phone) == (ID, "13800000000")


def test_several_items_are_kept_apart(client: Client) -> None:
    application, _ = filed(client, item_2="征收批复", item_4="补偿标准")
    assert application.description.splitlines()[1:] == ["2. 征收批复", "3. 补偿标准"]
    assert application.records.get().event().items == (FORM["description"], "征收批复", "补偿标准")


def test_uploads_survive_an_error_and_are_filed(client: Client) -> None:
    first = submit(client, name="", identity_file=SimpleUploadedFile("我的身份证.pdf", PDF), request_files=[
        SimpleUploadedFile("../../线索.txt", "线索".encode())])  # fmt: skip
    page = first.content.decode()
    assert "我的身份证.pdf" in page
    assert "线索.txt" in page
    assert DraftFile.objects.count() == 2
    filed(client)
    assert sorted(CaseFile.objects.values_list("kind", "name")) == [
        ("identity", "我的身份证.pdf"),
        ("request", "线索.txt"),
    ]
    assert (Draft.objects.count(), DraftFile.objects.count()) == (0, 0)


def test_a_file_is_judged_by_its_content_and_the_rest_is_kept(client: Client) -> None:
    found = errors(submit(client, identity_file=SimpleUploadedFile("证件.pdf", b"MZ\x90\x00 program")))
    assert "证件.pdf" in found[0]
    assert Application.objects.count() == 0
    filed(client)


def test_a_kept_file_can_be_taken_out(client: Client) -> None:
    submit(client, do="keep", request_files=SimpleUploadedFile("a.pdf", PDF))
    pk = DraftFile.objects.get().pk
    page = submit(client, do=f"remove-{pk}").content.decode()
    assert "已删除这个附件" in page
    assert DraftFile.objects.count() == 0


def test_nobody_takes_out_a_strangers_file(client: Client) -> None:
    submit(client, do="keep", request_files=SimpleUploadedFile("a.pdf", PDF))
    pk = DraftFile.objects.get().pk
    submit(Client(), do=f"remove-{pk}")
    assert DraftFile.objects.filter(pk=pk).exists()


def test_a_draft_is_resumed_in_this_browser_only_and_sealed(client: Client) -> None:
    submit(client, do="keep", description="只有我知道的事", name="王小明")
    row = Draft.objects.get()
    assert "只有我知道的事".encode() not in bytes(row.sealed)
    page = client.get(URL).content.decode()
    assert "只有我知道的事" in page
    assert "已恢复" in page
    assert "只有我知道的事" not in Client().get(URL).content.decode()
    cookie = client.cookies[drafts.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/apply/")
    client.post(URL, {"do": "clear"})
    assert Draft.objects.count() == 0
    assert "只有我知道的事" not in client.get(URL).content.decode()


def test_a_draft_ends_with_its_files(client: Client) -> None:
    from django.utils import timezone

    submit(client, do="keep", request_files=SimpleUploadedFile("a.pdf", PDF))
    stored = DraftFile.objects.get().file
    assert PDF not in stored.open("rb").read()
    Draft.objects.update(expires_at=timezone.now())
    assert "王小明" not in client.get(URL).content.decode()
    assert drafts.purge() == 1
    assert not stored.storage.exists(stored.name)


def test_pressing_twice_files_once(client: Client) -> None:
    ticket = old_ticket()
    first, second = submit(client, ticket=ticket), submit(client, ticket=ticket)
    assert first.status_code == second.status_code == 302
    assert Application.objects.count() == 1
    assert "query-code" in client.get("/apply/receipt/").content.decode()


def test_the_code_kept_for_a_double_press_is_sealed_and_forgotten(client: Client) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from gongkai.applications.public import services

    _, code = filed(client)
    entry = Submission.objects.get()
    assert code.replace(" ", "") not in entry.sealed_code
    Submission.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    assert services.forget_codes() == 1
    assert Submission.objects.get().sealed_code == ""


def test_an_old_or_forged_ticket_costs_nothing_typed(client: Client) -> None:
    for ticket in ("", "x:y:z", guard.new_ticket() + "x"):
        response = submit(client, ticket=ticket)
        assert response.status_code == 422
        assert "请再按一次" in response.content.decode()
        assert FORM["description"] in response.content.decode()
    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    "why",
    [{"website": "http://x"}, {"ticket": "hasty"}, {"description": "http://a http://b http://c http://d"}],
)
def test_only_the_suspicious_are_asked_and_can_answer(client: Client, why: dict[str, str]) -> None:
    why = {**why, "ticket": guard.new_ticket() if "ticket" in why else old_ticket()}
    response = submit(client, **why)
    assert response.status_code == 422
    page = response.content.decode()
    asked = re.search(r"请用数字写出答案：(.)加(.)等于几？", page)
    assert asked
    assert "<img" not in page
    digits = "零一二三四五六七八九"
    total = digits.index(asked[1]) + digits.index(asked[2])
    assert submit(client, **why, answer=str(total + 1)).status_code == 422
    assert submit(client, **why, answer=str(total)).status_code == 302


def test_the_fifth_in_an_hour_from_one_address_is_asked_and_the_flood_is_stopped(
    client: Client, monkeypatch
) -> None:
    for _ in range(4):
        filed(Client())
    assert "请用数字写出答案" in submit(Client()).content.decode()
    from gongkai.applications.public import limits

    monkeypatch.setitem(limits.LIMITS, "form", (5, 600))
    response = submit(Client())
    assert response.status_code == 429
    assert response["Retry-After"]
    # Nothing was read of what was sent: only the browser still has it.
    assert "返回键" in response.content.decode()
    assert "已保存" not in response.content.decode()


def test_where_no_more_is_taken_today_the_draft_is_kept_and_that_is_said(client: Client, monkeypatch) -> None:
    from gongkai.applications.public import limits

    monkeypatch.setitem(limits.LIMITS, "file", (0, 3600))
    response = submit(client)
    assert response.status_code == 429
    assert "已填写的内容已保存" in response.content.decode()
    assert FORM["description"] in client.get(URL).content.decode()


def test_an_organ_that_does_not_accept_says_how_to_apply(client: Client, organ: Organ) -> None:
    OrganSettings.objects.create(organ=organ, accepts=False)
    page = client.get(URL).content.decode()
    assert "没有开通网上申请" in page
    assert submit(client).status_code == 200
    assert Application.objects.count() == 0


def test_no_form_for_what_is_no_administrative_organ(client: Client, organ: Organ) -> None:
    Organ.objects.filter(pk=organ.pk).update(kind=Organ.Kind.VILLAGE)
    assert client.get(URL).status_code == 404


def test_without_the_token_nothing_is_taken(organ: Organ) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert submit(strict).status_code == 403
    assert Application.objects.count() == 0


def test_invisible_signs_of_pasted_text_are_taken_out_and_the_upload_still_has_its_bounds(
    client: Client,
) -> None:
    application, _ = filed(client, description="2025年\x01预算\x0b明细")
    assert application.description == "2025年预算 明细"


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    response = client.post(URL, {}, CONTENT_LENGTH=10**9)
    assert response.status_code == 413
    assert "分几次添加" in response.content.decode()


def test_a_file_beyond_the_limit_leaves_the_words(client: Client, settings) -> None:
    settings.CASE_FILE_MAX_MB = 1
    response = submit(client, request_files=SimpleUploadedFile("大.pdf", PDF + b"0" * (1 << 20)))
    assert any("超过 1 MB" in text for text in errors(response))
    assert FORM["description"] in response.content.decode()


def test_the_finder_knows_duties_and_what_is_public(client: Client) -> None:
    page = client.get("/apply/?q=我家土地被征收的补偿").content.decode()
    assert re.search(r'清河县自然资源局</a>.*?href="/apply/qh-zr/[^"]*".*?职责包括：[^<]*征收', page, re.S)
    assert page.index("已经公开的") < page.index("找谁要")
    assert "没有找到职责" in client.get("/apply/?q=量子芯片").content.decode()


@given(st.text(max_size=60))
def test_any_search_is_answered(text: str) -> None:
    from gongkai.applications.public import finder

    assert len(finder.organs_for(text)) <= finder.MAX_FOUND
    assert len(finder.already_public(text)) <= 6


@given(
    st.from_regex(r"[1-9][0-9]{5}19[5-9][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True)
)
def test_exactly_one_last_character_of_an_identity_card_is_right(first: str) -> None:
    def valid(last: str) -> bool:
        try:
            identity.validate_id_card(first + last)
        except identity.ValidationError:
            return False
        return True

    assert sum(valid(last) for last in "0123456789X") == 1


def test_the_paper_form_is_real(client: Client, organ: Organ) -> None:
    import io

    import pypdfium2
    from docx import Document

    pdf = pypdfium2.PdfDocument(client.get("/apply/blank.pdf?organ=qh-zr").content)
    assert len(pdf) == 1
    text = "".join(pdf[0].get_textpage().get_text_range().split())
    tables = Document(io.BytesIO(client.get("/apply/blank.docx").content)).tables
    words = "".join(cell.text for row in tables[0].rows for cell in row.cells)
    for wanted in ("统一社会信用代码", "提供形式", "获取途径", "代理人", "名称、文号或者其他特征性描述"):
        assert wanted in text
        assert wanted in words
    assert "清河县自然资源局" in text
    assert client.get("/apply/blank.exe").status_code == 404


def test_the_receipt_as_pdf_holds_the_code(client: Client) -> None:
    import pypdfium2

    application, code = filed(client)
    response = client.get("/apply/receipt.pdf")
    text = pypdfium2.PdfDocument(response.content)[0].get_textpage().get_text_range()
    assert application.receipt in text
    assert code.replace(" ", "") in text.replace(" ", "")
    assert "http://testserver/apply/track/" in "".join(text.split())
    assert "http://testserver/apply/track/" in client.get("/apply/receipt/").content.decode()
    assert "no-store" in response["Cache-Control"]
    assert Client().get("/apply/receipt.pdf").status_code == 404
