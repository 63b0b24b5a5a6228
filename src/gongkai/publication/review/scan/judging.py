"""From what was read to hits: what is personal, what is wrongly worded, which tables list people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gongkai.publication.review.scan.files import read_file
from gongkai.publication.review.scan.model import Grid, Hit, Piece, Reading, Severity, Word
from gongkai.publication.review.scan.personal import find

#: Beyond this many hits of one kind in one file the rest is counted: a list of thousands says the same thing.
SHOWN = 30
_PERSONAL = {
    "id": "删去或者遮盖号码后重新上传；确需公开的，由审核人写明法定理由。",
    "card": "删去银行卡号后重新上传。",
    "mobile": "属于个人的，删去或者遮盖；公布的咨询电话请确认。",
    "id_old": "如是身份证号码，删去或者遮盖。",
    "address": "家庭住址一般只公开到村（社区）。",
    "plate": "属于个人的，遮盖后几位。",
    "email": "请确认是公务邮箱。",
    "phone": "请确认是办公电话。",
}
_NAME = re.compile(r"^(?:姓名|户主(?:姓名)?|受益人|领取人|申请人(?:姓名)?|补贴对象|救助对象|学生姓名|名单)$")
_TELLING = re.compile(
    r"身份证|证件号|银行|卡号|账号|帐号|一卡通|手机|联系(?:电话|方式)|电话|家庭住址|住址|病种|病情|残疾(?:类别|等级)"
)
_HARD = re.compile(r"身份证|证件号|银行|卡号|账号|帐号|一卡通")


def scan_file(
    name: str, data: bytes, media_type: str, words: Sequence[Word] = (), text: str = ""
) -> list[Hit]:
    """All hits in one file. ``text`` is what was read out of it elsewhere, used for formats not read here."""
    return judge(read_file(name, data, media_type, text), words)


def scan_pieces(pieces: Iterable[Piece], words: Sequence[Word] = (), grids: Iterable[Grid] = ()) -> list[Hit]:
    """All hits in pieces of text and tables."""
    return judge(Reading(pieces=list(pieces), grids=list(grids)), words)


def judge(reading: Reading, words: Sequence[Word] = ()) -> list[Hit]:
    """Hits in order: what blocks first; each once."""
    hits = list(reading.hits)
    seen: set[str] = set()
    for piece in reading.pieces:
        numbers = {(h.kind, h.text) for h in hits}
        for hit in _personal(piece):
            # The backstop over a container's raw parts repeats what cells and paragraphs gave with a better place.
            if not (piece.place.endswith("内部数据") and (hit.kind, hit.text) in numbers):
                hits.append(hit)
        hits += _words(piece, words)
    for grid in reading.grids:
        hits += _people(grid)
    if reading.limit:
        hits.append(
            Hit(
                "unread",
                reading.limit,
                "只检查了一部分",
                Severity.BLOCK,
                "请拆分文件，或者由审核人逐页核对后放行。",
            )
        )
    order = list(Severity)
    unique = []
    for hit in sorted(hits, key=lambda h: order.index(h.severity)):
        if hit.key not in seen:
            seen.add(hit.key)
            unique.append(hit)
    return _shortened(unique)


def _shortened(hits: list[Hit]) -> list[Hit]:
    counts: dict[tuple[str, Severity], int] = {}
    kept: list[Hit] = []
    for hit in hits:
        group = (hit.kind, hit.severity)
        counts[group] = counts.get(group, 0) + 1
        if counts[group] <= SHOWN:
            kept.append(hit)
    for (kind, severity), count in counts.items():
        if count > SHOWN:
            kept.append(Hit(kind, "其余位置", f"另有 {count - SHOWN} 处", severity, _PERSONAL.get(kind, "")))
    return kept


def _personal(piece: Piece) -> list[Hit]:
    where = f"{piece.place}（{piece.hidden}）" if piece.hidden else piece.place
    hits = []
    for found in find(piece.text):
        kind = found.kind
        severity = Severity.NOTE if kind in ("email", "phone") else Severity.WARN
        if kind in ("id", "card", "id_old") and found.sure:
            severity = Severity.BLOCK
        elif piece.hidden and kind in ("mobile", "address"):
            severity = Severity.BLOCK  # nobody publishes an office's number in a hidden place
        hits.append(Hit(kind, where, found.masked, severity, _PERSONAL[kind]))
    return hits


def _words(piece: Piece, words: Sequence[Word]) -> list[Hit]:
    if piece.hidden:
        return []
    hits = []
    for word in words:
        at = piece.text.find(word.text)
        if at >= 0:
            around = piece.text[max(at - 6, 0) : at + len(word.text) + 6].replace("\n", " ")
            hits.append(
                Hit(word.kind, piece.place, f"“{word.text}”（…{around}…）", word.severity, word.advice)
            )
    return hits


def _people(grid: Grid) -> list[Hit]:
    """Tables that list people by name beside what only they should know."""
    for number, row in enumerate(grid.rows[:12]):
        heads = [re.sub(r"\s", "", text) for _, text in row]
        if not any(_NAME.match(h) for h in heads):
            continue
        columns = [(n, h) for n, h in enumerate(heads) if _TELLING.search(h)]
        below = grid.rows[number + 1 :]
        open_ = [(n, h) for n, h in columns if any(_open(r, n) for r in below)]
        count = sum(1 for r in below if any(text.strip() for _, text in r))
        if not open_ or not count:
            return []
        severity = (
            Severity.BLOCK if len(open_) > 1 or any(_HARD.search(h) for _, h in open_) else Severity.WARN
        )
        where = f"{grid.place}（{grid.hidden}）" if grid.hidden else grid.place
        text = f"姓名与{'、'.join(h for _, h in open_)}并列，共 {count} 行"
        return [
            Hit("people", where, text, severity, "补贴、救助名单只公开姓名和法定事项，其余各列删去或者遮盖。")
        ]
    return []


def _open(row: tuple[tuple[str, str], ...], column: int) -> bool:
    """Whether the cell tells something: neither empty nor starred."""
    text = row[column][1].strip() if column < len(row) else ""
    return bool(text) and "*" not in text and "＊" not in text and text not in ("-", "—", "/", "无")
