"""Documents with secrets in every place that a careless redaction forgets."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import docx
import pypdfium2 as pdfium
import typst
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

SECRET = "王小明"
NUMBER = "110101199003071233"
TYPST = r"""
#set text(font: ("Noto Serif CJK SC", "FandolSong"), size: 12pt, lang: "zh")
#set document(title: "王小明的案卷", author: "王小明", keywords: ("王小明",))
= 关于王小明征收补偿的批复
被征收人王小明，身份证号 110101199003071233，补偿金额一百二十三万元。其余内容可以公开，土地面积 3.5 亩。王小 \
明的配偶不在此列。#link("https://example.org/王小明")[链接文字]

#place(dx: 0pt, dy: 40pt)[#box(width: 200pt)[早先盖住的甲乙丙词语]]
#place(dx: -3pt, dy: 36pt)[#rect(width: 210pt, height: 22pt, fill: black)]
#v(90pt)
#text(fill: white)[白色的丁戊己文字]
#pagebreak()
第二页也有王小明。保留的第二页文字。
"""


def pdf(source: str = TYPST) -> bytes:
    return typst.compile(source.encode())


def pdf_with_everything() -> bytes:
    """The same with an attachment, an annotation, a form field, an outline, XMP and an earlier revision."""
    document = pdfium.PdfDocument(pdf())
    attachment = document.new_attachment(f"{SECRET}.txt")
    attachment.set_data(f"{SECRET} {NUMBER}".encode())
    out = io.BytesIO()
    document.save(out)
    document.close()
    data = out.getvalue()
    start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    size, root = (int(re.findall(rb"/%s (\d+)" % key, data)[-1]) for key in (b"Size", b"Root"))
    body = f"{size} 0 obj\n<< /Old ({NUMBER}) >>\nendobj\n".encode()
    at = len(data) + 1
    xref = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, at, size + 1, root, start, at + len(body),
    )  # fmt: skip
    return data + b"\n" + body + xref


def pdf_bytes_unpacked(data: bytes) -> bytes:
    """The file with every deflated stream beside it in the clear."""
    unpacked = [data]
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            unpacked.append(zlib.decompressobj().decompress(data[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(unpacked)


def pdf_text(data: bytes) -> str:
    document = pdfium.PdfDocument(data)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
        return "\n".join(texts)
    finally:
        document.close()


def spellings(word: str) -> list[bytes]:
    """How a word may stand in a file's bytes."""
    return [word.encode(code) for code in ("utf-8", "utf-16-be", "utf-16-le", "gb18030")] + [
        word.encode("utf-16-be").hex().encode(),
        word.encode("utf-16-be").hex().upper().encode(),
    ]


def _picture() -> bytes:
    image = Image.new("RGB", (60, 40), (200, 30, 30))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "ImageDescription secret-exif-123"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def word_document() -> bytes:
    """A DOCX with the secret in body (split into runs), table, header, footer, footnote, comment, tracked change, text
    box, alternative text, hidden text, field code, bookmark, link, metadata, custom XML and an embedded object."""
    document = docx.Document()
    document.core_properties.author = SECRET
    document.core_properties.title = f"{SECRET}的批复"
    paragraph = document.add_paragraph("被征收人王")
    paragraph.add_run("小").bold = True
    paragraph.add_run("明，补偿款可以公开的说明。")
    document.add_paragraph("全角号码 １１０１０１１９９００３０７１２３３ 在此。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "姓名：王 小 明", "面积：3.5 亩"
    document.sections[0].header.paragraphs[0].text = f"页眉{SECRET}"
    document.sections[0].footer.paragraphs[0].text = f"页脚{SECRET}"
    document.add_picture(io.BytesIO(_picture()))
    document.inline_shapes[0]._inline.docPr.set("descr", f"{SECRET}的照片")
    for xml in _EXTRA:
        document.element.body.insert(0, parse_xml(xml))
    out = io.BytesIO()
    document.save(out)
    return _with_parts(out.getvalue())


_EXTRA = [
    f'<w:p {nsdecls("w")}><w:ins w:id="1" w:author="{SECRET}" w:date="2026-01-01T00:00:00Z"><w:r w:rsidR="00AB12CD">'
    f'<w:t>新增的{SECRET}文字</w:t></w:r></w:ins><w:del w:id="2" w:author="x"><w:r><w:delText>删去的{SECRET}'
    "和删去的旧话</w:delText></w:r></w:del></w:p>",
    f"<w:p {nsdecls('w')}><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的机要</w:t></w:r>"
    f'<w:bookmarkStart w:id="7" w:name="_{SECRET}"/><w:bookmarkEnd w:id="7"/><w:r><w:t>书签处</w:t></w:r></w:p>',
    f'<w:p {nsdecls("w")}><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>MERGEFIELD {SECRET}'
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>域结果</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    f'<w:p {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape alt="{SECRET}"><v:textbox>'
    f"<w:txbxContent><w:p><w:r><w:t>文本框{SECRET}内</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    f'<v:textpath string="{SECRET}水印"/></v:shape></w:pict></w:r></w:p>',
    f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val="{SECRET}"/><w:dataBinding w:xpath="/a"/></w:sdtPr><w:sdtContent>'
    f"<w:p><w:r><w:t>控件里的{SECRET}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
]


_REPLACED = {"customXml/item1.xml", "docProps/thumbnail.jpeg", "word/comments.xml"}


def _with_parts(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "word/settings.xml":
                content = content.replace(
                    b"</w:settings>",
                    f'<w:docVars><w:docVar w:name="a" w:val="{SECRET}"/></w:docVars></w:settings>'.encode(),
                )
            if item.filename == "word/_rels/document.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    (
                        b'<Relationship Id="rIdC" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                        b'relationships/comments" Target="comments.xml"/></Relationships>'
                    ),
                )
            if item.filename not in _REPLACED:
                target.writestr(item.filename, content)
        words = nsdecls("w")
        target.writestr(
            "word/comments.xml",
            f"<w:comments {words}><w:comment w:id='0'><w:p><w:r><w:t>{SECRET}</w:t></w:r></w:p></w:comment></w:comments>",
        )
        target.writestr("customXml/item1.xml", f"<a>{SECRET}</a>")
        target.writestr("word/embeddings/oleObject1.bin", SECRET.encode("utf-16-le"))
        target.writestr("docProps/thumbnail.jpeg", SECRET.encode())
    return out.getvalue()
