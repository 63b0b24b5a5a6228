"""What the body of an item is built of. Each block carries what a reader without eyes, ears or script needs."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.models import Site

#: No link and no picture chooser of the stock editor: both list other organs' pages and files.
FEATURES = ["h2", "h3", "bold", "ol", "ul", "hr", "superscript", "subscript"]


class AttachmentChooserBlock(blocks.ChooserBlock):
    """A file of the page's own organ; its widget lists only what the user's organs hold."""

    @cached_property
    def target_model(self) -> Any:
        from gongkai.publication.models import Attachment

        return Attachment

    @cached_property
    def widget(self) -> Any:
        from gongkai.publication.desk.chooser import chooser_viewset

        return chooser_viewset.widget_class()

    class Meta:
        label = "附件"
        icon = "doc-full"


_FIGURE = re.compile(r"[-+−]?[0-9][0-9,，]*(?:\.[0-9]+)?%?")


def figure_columns(table: Any) -> list[int]:
    """The columns of ``table`` that hold nothing but figures: these stand flush right, under each other."""
    rows = (table.get("data") or [])[bool(table.get("first_row_is_table_header")) :]
    found = []
    for number, cells in enumerate(zip(*rows, strict=False)):
        written = [str(cell).strip() for cell in cells if cell not in (None, "", "—", "-")]
        if written and all(_FIGURE.fullmatch(cell) for cell in written):
            found.append(number)
    return found


class CaptionedTable(TableBlock):
    """A table that names itself and its columns (or rows)."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        table = cleaned or {}
        rows = table.get("data") or []
        if not any(any(cell not in (None, "") for cell in row) for row in rows):
            raise ValidationError("表格是空的。请填写内容，或者删除这一块。")
        if not table.get("table_header_choice"):
            raise ValidationError("请选择表头在第一行、第一列还是两者都有，读屏软件要靠表头读表。")
        if not (table.get("table_caption") or "").strip():
            raise ValidationError("请填写表格标题。")
        return cleaned

    def render(self, value: Any, context: Any = None) -> Any:
        return super().render({**value, "figures": figure_columns(value)} if value else value, context)

    class Meta:
        label = "表格"
        icon = "table"
        template = "publication/blocks/table.html"


class Picture(blocks.StructBlock):
    """A picture with the words that stand for it."""

    file = AttachmentChooserBlock(label="图片")
    alt = blocks.CharBlock(
        label="替代文字", max_length=200, help_text="说明图上有什么，供读屏和图片打不开时使用。"
    )
    caption = blocks.CharBlock(label="图注", max_length=200, required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("file") and not cleaned["file"].is_picture:
            raise blocks.StructBlockValidationError(
                block_errors={
                    "file": ValidationError("这个文件不是图片。请选择 JPG 或者 PNG；其他文件请用“附件”。")
                }
            )
        return cleaned

    class Meta:
        label = "图片"
        icon = "image"
        template = "publication/blocks/picture.html"


class Download(blocks.StructBlock):
    """A file to download."""

    file = AttachmentChooserBlock(label="附件")
    name = blocks.CharBlock(label="显示名称", max_length=120, required=False, help_text="不填时用文件名。")

    class Meta:
        label = "附件"
        icon = "doc-full"
        template = "publication/blocks/download.html"


class Video(blocks.StructBlock):
    """A video: captions for those who cannot hear, a transcript for those who cannot watch."""

    title = blocks.CharBlock(label="标题", max_length=120)
    file = AttachmentChooserBlock(label="视频文件", required=False, help_text="MP4；没有文件时只显示文字稿。")
    captions = AttachmentChooserBlock(label="字幕文件", required=False, help_text="WebVTT 格式（.vtt）。")
    transcript = blocks.RichTextBlock(label="文字稿", features=["bold", "ol", "ul"])

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("file") and not cleaned.get("captions"):
            raise blocks.StructBlockValidationError(
                block_errors={"captions": ValidationError("视频要有字幕。请上传 WebVTT 字幕文件。")}
            )
        return cleaned

    class Meta:
        label = "视频"
        icon = "media"
        template = "publication/blocks/video.html"


class QuestionAnswer(blocks.StructBlock):
    question = blocks.CharBlock(label="问", max_length=200)
    answer = blocks.RichTextBlock(label="答", features=["bold", "ol", "ul"])

    class Meta:
        label = "问答"
        icon = "help"
        template = "publication/blocks/qa.html"


def is_government(url: str) -> bool:
    """Whether ``url`` leads to a site of a public organ, or stays here (sheet 05 §1: .gov.cn, .政务)."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    own = {site.hostname.lower() for site in Site.objects.all()} if host else {""}
    endings = (".gov.cn", ".政务", ".xn--zfr164b")
    return host in own or host == "gov.cn" or host.endswith(endings)


class Link(blocks.StructBlock):
    """A link that stands by itself; one that leaves the government's sites says so before it is followed."""

    text = blocks.CharBlock(label="文字", max_length=120)
    url = blocks.URLBlock(label="网址")

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        return context | {"outside": not is_government(value["url"])}

    class Meta:
        label = "链接"
        icon = "link"
        template = "publication/blocks/link.html"


class Body(blocks.StreamBlock):
    """The body of an item."""

    text = blocks.RichTextBlock(
        label="正文", icon="pilcrow", features=FEATURES, template="publication/blocks/text.html"
    )
    table = CaptionedTable()
    picture = Picture()
    download = Download()
    video = Video()
    qa = QuestionAnswer()
    link = Link()

    class Meta:
        required = False
