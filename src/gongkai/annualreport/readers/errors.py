"""What a reader may refuse, and how much it will take in.

Every refusal is an :class:`Unreadable` with a stable code for programs and a plain Chinese sentence for people that
says what is the matter and what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass


class Unreadable(Exception):
    """A file that cannot be read as an annual report.

    ``code`` is one of the keys of :data:`MESSAGES` (or a reader's own), ``message`` a complete Chinese sentence.
    """

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, MESSAGES["damaged"])
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        return type(self), (self.code, self.message)  # worker processes send it back


MESSAGES: dict[str, str] = {
    "empty": "文件是空的，没有任何内容。请确认下载或导出完整后再试。",
    "too_large": "文件过大，超出可读取的上限。请去掉图片和附件，只保留年度报告正文后再试。",
    "too_complex": "文件中的表格或段落多得不合常理，已停止读取。请只保留年度报告正文后再试。",
    "zip_bomb": "文件解压后的体积远超正常文档，为安全起见不予读取。请用办公软件重新另存后再试。",
    "truncated": "文件不完整，可能下载中断或被截断。请重新下载或重新导出后再试。",
    "damaged": "文件已损坏或格式不规范，无法读取。请用办公软件打开后重新另存，再试一次。",
    "encrypted": "文件设有密码，无法读取。请取消密码保护后另存，再试一次。",
    "scanned": "文件是扫描件，只有图像没有文字。请提供可以选中文字的版本，或先做文字识别。",
    "image": "这是一张图片，读不出文字。请提供网页、DOCX、PDF、XLSX 或文本格式的报告，或先做文字识别。",
    "old_format": "这是旧版 Office/WPS 二进制文件（doc、xls、wps、et），无法读取。请打开后另存为 DOCX 或 XLSX 再试。",
    "archive": "这是压缩包。请解压后选择其中的报告文件。",
    "unsupported": "无法识别的文件类型。请提供网页（HTML）、DOCX、PDF、XLSX、OFD、文本、Markdown、JSON 或 CSV 格式的报告。",
    "not_report": "文件中没有找到政府信息公开工作年度报告的标题、章节或表格。请确认选对了文件；若报告是附件，请直接选择附件。",
    "not_found": "找不到这个文件。请检查路径。",
    "forbidden": "没有读取这个文件的权限。请检查文件权限。",
    "directory": "这是一个文件夹，不是文件。请选择其中的报告文件。",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader takes in. Real reports stay two orders of magnitude below each of these."""

    max_bytes: int = 64 * 1024 * 1024  # of the file as given
    max_unpacked: int = 256 * 1024 * 1024  # of all members of a ZIP container together, unpacked
    max_ratio: int = 200  # unpacked to packed, for one member larger than 1 MiB
    max_members: int = 5_000  # of a ZIP container
    max_chars: int = 8_000_000  # of text after decoding
    max_blocks: int = 100_000  # paragraphs and tables
    max_rows: int = 20_000  # of one table
    max_cells: int = 200_000  # of all tables, spans counted once
    max_span: int = 1_000  # rowspan and colspan are cut to this
    max_depth: int = 256  # nesting of elements that is followed
    max_pages: int = 1_000
    max_reports: int = 500  # in one file


DEFAULT = Limits()

__all__ = ["DEFAULT", "MESSAGES", "Limits", "Unreadable"]
