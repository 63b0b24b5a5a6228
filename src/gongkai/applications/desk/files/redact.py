"""区分处理 in the desk: mark what may not be disclosed, look at the result, save it; without script by words and numbers."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.applications.desk.files.views import CaseFormView, ConfirmForm, case_url, find_file, may
from gongkai.applications.models import FileKind
from gongkai.applications.redaction import GROUNDS, Block, RedactionError, WordBlock, find_blocks
from gongkai.applications.redaction import docx as word
from gongkai.applications.redaction.pages import opened, render
from gongkai.applications.redaction.service import form_of, make_redacted, save_redacted, source_bytes
from gongkai.applications.services import files as service

MM = 72 / 25.4  # points
SCREEN_DPI = 90
MAX_BLOCKS = 2000
PREVIEW_PAGES = 30


def _ground(data: Any) -> str:
    ground = str(data.get("ground", ""))
    if ground not in GROUNDS:
        raise RedactionError("请先选定不予公开的依据。")
    return ground


def _millimetres(data: Any, name: str) -> float:
    try:
        return float(data.get(name, "")) * MM
    except ValueError:
        raise RedactionError("矩形的位置请填数字，单位毫米，从页面左上角量起。") from None


def _blocks(raw: str, form: str) -> list[Any]:
    """The blocks that the page carries along. Raises RedactionError for what it did not make."""
    kind = WordBlock if form == "docx" else Block
    try:
        items = json.loads(raw or "[]")
        blocks = [kind(**item) for item in items][: MAX_BLOCKS + 1]
        for block in blocks:
            if isinstance(block, Block):
                float(block.left + block.top + block.right + block.bottom + block.page)
    except (ValueError, TypeError):
        raise RedactionError("页面上的标记不完整，请重新标。") from None
    if len(blocks) > MAX_BLOCKS:
        raise RedactionError(f"标记超过 {MAX_BLOCKS} 处，请分批处理。")
    return blocks


def _carried(blocks: list[Any]) -> str:
    return json.dumps([{name: getattr(b, name) for name in b.__slots__} for b in blocks], ensure_ascii=False)


class RedactView(WagtailAdminTemplateMixin, TemplateView):
    """One page with everything: the document, the marks, the tools, the preview."""

    template_name = "applications/desk/files/redact.html"
    page_title = "区分处理"
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.file = find_file(request.user, kwargs["pk"])
        if self.file.kind != FileKind.SOURCE:
            raise Http404("只对“被申请信息原件”作区分处理。")
        if not may(request.user, "change", self.file.application):
            raise PermissionDenied
        self.blocks: list[Any] = []
        self.preview: dict[str, Any] | None = None

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        application = self.file.application
        return [
            *self.breadcrumbs_items,
            {"url": case_url(application), "label": str(application)},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page(log=True)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.form = form_of(self.file)
            self.blocks = _blocks(request.POST.get("blocks", ""), self.form)
            action, _, argument = request.POST.get("action", "").partition(":")
            if action == "save":
                row = save_redacted(request.user, self.file, self.blocks)
                messages.success(request, f"已保存“{row.name}”。审核人放行后才能提供给申请人。")
                return HttpResponseRedirect(case_url(self.file.application))
            said = self._act(action, argument)
            if said:
                messages.success(request, said)
        except ValidationError as problem:
            messages.error(request, "；".join(problem.messages))
            return self._page(log=False, status=422)
        return self._page(log=False)

    def _act(self, action: str, argument: str) -> str:
        data = self.request.POST
        if action == "remove" and argument.isdecimal() and int(argument) < len(self.blocks):
            del self.blocks[int(argument)]
            return "已取消一处标记。"
        if action == "clear":
            self.blocks = []
            return "已取消全部标记。"
        if action == "preview":
            self.preview = self._preview()
            return ""
        ground = _ground(data)
        if self.form == "docx":
            return self._add_words(action, argument, ground)
        return self._add_rectangles(action, ground)

    def _add_rectangles(self, action: str, ground: str) -> str:
        data = self.request.POST
        if action == "rectangle":
            page = int(data.get("page", "")) if data.get("page", "").isdecimal() else 0
            edges = [_millimetres(data, name) for name in ("left", "top", "right", "bottom")]
            self.blocks.append(Block(page, *edges, ground))
            return f"第 {page} 页标出一处。"
        words = data.get("words", "").strip()
        if not words:
            raise RedactionError("请填写要查找并遮盖的词语。")
        found = find_blocks(self._source(), words, ground)
        fresh = [block for block in found if block not in self.blocks]
        if not found:
            raise RedactionError("文中没有找到这个词语。扫描件没有文字，请用画框的方式标出。")
        self.blocks += fresh
        return f"标出 {len(fresh)} 处。"

    def _add_words(self, action: str, argument: str, ground: str) -> str:
        data = self.request.POST
        if action == "picture":
            self.blocks.append(WordBlock(ground, picture=argument[:200]))
            return "已标出图片。"
        if action == "rectangle":
            number = data.get("page", "")
            self.blocks.append(WordBlock(ground, paragraph=int(number) if number.isdecimal() else 0))
            return f"已标出第 {number} 段。"
        words = data.get("words", "").strip()
        count = len(word.occurrences(self._source(), words)) if words else 0
        if not count:
            raise RedactionError("文中没有找到这个词语，请核对后重新填写。")
        self.blocks.append(WordBlock(ground, text=words))
        return f"{count} 个段落中的这个词语将被遮盖。"

    def _source(self) -> bytes:
        return source_bytes(self.request.user, self.file, log=False)

    def _preview(self) -> dict[str, Any]:
        result = make_redacted(self._source(), self.form, self.blocks)
        if self.form == "docx":
            return {"paragraphs": word.paragraphs(result)}
        wanted = sorted({block.page for block in self.blocks})
        shots = []
        with opened(result) as document:
            for number in wanted[:PREVIEW_PAGES]:
                page = document[number - 1]
                out = io.BytesIO()
                render(page, 75).save(out, "JPEG", quality=70)
                text = page.get_textpage()
                shots.append(
                    {
                        "number": number,
                        "image": "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode(),
                        "text": text.get_text_range(),
                    }
                )
                text.close()
                page.close()
        return {"pages": shots, "more": max(0, len(wanted) - PREVIEW_PAGES)}

    def _page(self, *, log: bool, status: int = 200) -> HttpResponse:
        try:
            self.form = form_of(self.file)
            data = source_bytes(self.request.user, self.file, log=log)
            body = self._word_body(data) if self.form == "docx" else self._pdf_body(data)
        except ValidationError as problem:
            messages.error(self.request, "；".join(problem.messages))
            return HttpResponseRedirect(case_url(self.file.application))
        context = self.get_context_data(
            file=self.file,
            form=self.form,
            blocks=[
                {"index": i, "block": b, "ground": GROUNDS.get(b.ground)} for i, b in enumerate(self.blocks)
            ],
            carried=_carried(self.blocks),
            grounds=list(GROUNDS.values()),
            chosen=self.request.POST.get("ground", ""),
            preview=self.preview,
            cancel_url=case_url(self.file.application),
            **body,
        )
        response = self.render_to_response(context, status=status)
        response["Cache-Control"] = "no-store, private"
        return response

    def _pdf_body(self, data: bytes) -> dict[str, Any]:
        with opened(data) as document:
            sizes = [document.get_page_size(i) for i in range(len(document))]
        pages = []
        for number, (width, height) in enumerate(sizes, 1):
            covers = [
                {
                    "style": f"left:{b.left / width:.4%};top:{b.top / height:.4%};"
                    f"width:{(b.right - b.left) / width:.4%};height:{(b.bottom - b.top) / height:.4%}",
                    "ground": GROUNDS[b.ground].choice if b.ground in GROUNDS else "",
                }
                for b in self.blocks
                if b.page == number
            ]
            url = reverse("applications_redact_page", args=[self.file.pk, number])
            pages.append(
                {
                    "number": number, "url": url, "covers": covers, "ratio": f"{width:.1f} / {height:.1f}",
                    "width_mm": f"{width / MM:.1f}", "height_mm": f"{height / MM:.1f}",
                }
            )  # fmt: skip
        return {"pages": pages}

    def _word_body(self, data: bytes) -> dict[str, Any]:
        words = [word.folded_text(b.text) for b in self.blocks if b.text]
        whole = {b.paragraph for b in self.blocks}
        shown = [
            {"number": i, "text": text, "hit": i in whole or any(w in word.folded_text(text) for w in words)}
            for i, text in enumerate(word.paragraphs(data), 1)
            if text.strip()
        ]
        images = [
            {"name": name, "image": "data:image/png;base64," + base64.b64encode(png).decode()}
            for name, png in word.pictures(data).items()
        ]
        return {"paragraphs": shown, "images": images}


class RedactPageView(View):
    """The picture of one page of an original, for those who may redact it."""

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        row = find_file(request.user, pk)
        if row.kind != FileKind.SOURCE or form_of(row) != "pdf":
            raise Http404
        with opened(source_bytes(request.user, row, log=False)) as document:
            if not 1 <= number <= len(document):
                raise Http404
            page = document[number - 1]
            out = io.BytesIO()
            render(page, SCREEN_DPI).save(out, "PNG")
            page.close()
        response = HttpResponse(out.getvalue(), content_type="image/png")
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class ReleaseView(CaseFormView):
    """放行: the reviewer lets a redacted copy go to the applicant."""

    form_class = ConfirmForm
    page_title = "放行"
    submit_label = "放行"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.file = find_file(request.user, kwargs["pk"])
        self.application = self.file.application
        if self.file.kind != FileKind.REDACTED:
            raise Http404("只有区分处理后的文件需要放行。")
        if not may(request.user, "approve", self.application):
            raise PermissionDenied
        grounds = self.file.detail.get("grounds", [])
        told = "；".join(f"{g['article']}（{g['label']}）{g['count']} 处" for g in grounds) or "没有记录依据"
        self.explanation = (
            f"“{self.file.name}”：{told}。请先下载核对遮盖是否完整、依据是否正确；"
            "放行后随答复提供给申请人。做区分处理的人不能放行同一份文件。"
        )

    def perform(self, cleaned: dict[str, Any]) -> str:
        row = service.release_file(self.request.user, self.file)
        return f"已放行“{row.name}”，答复送达后申请人可以下载。"
