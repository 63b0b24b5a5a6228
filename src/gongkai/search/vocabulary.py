"""The words that the search knows: offered while someone types, and taken for what a slip of the pen meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from pypinyin import Style, lazy_pinyin
from rapidfuzz.distance import DamerauLevenshtein

from gongkai.search import matters, numbers
from gongkai.search.indexing import state
from gongkai.search.models import SearchDoc, SearchTerm
from gongkai.search.query import Query, understand
from gongkai.search.synonyms import Lexicon, cut, lexicon, stopwords
from gongkai.search.text import is_cjk, normalise

MAX_TERM = 40
WRITTEN_AT_ONCE = 500
T = TypeVar("T")
OFFERED = 8
#: A word must stand in so many titles before it is taken for what someone meant.
KNOWN = 1
_LETTERS = re.compile(r"^[a-zü ']+$")
_BETWEEN = re.compile(r"[\s、，,;；/]+")
_HIGHEST = "\U0010ffff"


def pinyin_of(text: str) -> tuple[str, str]:
    """(full, initials): 低保 → (dibao, db)."""
    full = "".join(lazy_pinyin(text))
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return normalise(full)[:240], normalise(initials)[:80]


def _terms() -> Counter[tuple[str, bool]]:
    """Words of titles and the titles themselves, with how often they stand there."""
    words: Counter[tuple[str, bool]] = Counter()
    lex = lexicon()
    rows = SearchDoc.objects.order_by().values_list("title", "keywords", "kind", "number")
    for title, keywords, kind, number in rows.iterator(chunk_size=2000):
        text = normalise(title)
        for word in {*lex.words(text), *_BETWEEN.split(normalise(keywords))}:
            if len(word) > 1 and len(word) <= MAX_TERM and is_cjk(word) and word not in stopwords():
                words[word, True] += 1
        if len(title) <= MAX_TERM:
            words[title, False] += 3 if kind == "organ" else 1
        if mark := numbers.kept(number):
            words[mark, False] += 1
    for word in {*lex.others, *matters.names()}:
        # Of two words with the same letters (gzf) the one that documents use is meant, not its nickname.
        words[word, True] += 3 if word in matters.names() else 2
        # 秸秆 stands in titles only within 秸秆综合利用, which the lexicon keeps whole: known, and never offered first.
        for piece in cut(word):
            if len(piece) > 1 and is_cjk(piece) and piece not in stopwords():
                words[piece, True] += 0
    return words


def learn() -> int:
    """Read the words anew from all titles; how many. For the daily job and after a full build.

    Only what changed is written, by and by: at hundreds of thousands of titles reading takes minutes, in which nobody
    else who writes may wait.
    """
    best: dict[str, tuple[bool, int]] = {}
    for (term, word), count in _terms().items():
        before = best.get(term)
        best[term] = (word or bool(before and before[0]), count + (before[1] if before else 0))
    kept = {term: (pk, word, weight) for pk, term, word, weight in SearchTerm.objects.values_list(
        "pk", "term", "word", "weight")}  # fmt: skip
    _in_batches(
        [pk for term, (pk, _, _) in kept.items() if term not in best],
        lambda batch: SearchTerm.objects.filter(pk__in=batch).delete(),
    )
    changed = [
        SearchTerm(pk=kept[term][0], word=word, weight=count)
        for term, (word, count) in best.items()
        if term in kept and kept[term][1:] != (word, count)
    ]
    _in_batches(changed, lambda batch: SearchTerm.objects.bulk_update(batch, ["word", "weight"]))
    _in_batches([term for term in best if term not in kept], lambda batch: _add(batch, best))
    with transaction.atomic():
        current = state(lock=True)
        current.terms_at = timezone.now()
        current.save(update_fields=["terms_at"])
    return len(best)


def _in_batches(items: Sequence[T], write: Callable[[Sequence[T]], object]) -> None:
    for start in range(0, len(items), WRITTEN_AT_ONCE):
        with transaction.atomic():
            write(items[start : start + WRITTEN_AT_ONCE])


def _add(terms: Sequence[str], best: Mapping[str, tuple[bool, int]]) -> None:
    rows = []
    for term in terms:
        full, initials = ("", "") if term.startswith(numbers.MARK) else pinyin_of(term)
        rows.append(
            SearchTerm(term=term, pinyin=full, initials=initials, word=best[term][0], weight=best[term][1])
        )
    # Two that learn at once, or a word that was there before: the later count stands.
    SearchTerm.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["term"], update_fields=["word", "weight"]
    )


def _beginning(field: str, text: str) -> QuerySet[SearchTerm]:
    # A range, not LIKE: it uses the index whatever the collation says of case.
    return SearchTerm.objects.filter(**{f"{field}__gte": text, f"{field}__lt": text + _HIGHEST})


def offer(text: str) -> list[str]:
    """What someone who typed ``text`` may be about to type: words first, then titles. At most eight; two queries."""
    text = normalise(text)[:MAX_TERM].strip()
    if not text:
        return []
    fields = ("pinyin", "initials") if _LETTERS.match(text) else ("term",)
    asked = text.replace(" ", "").replace("'", "") if fields[0] == "pinyin" else text
    rows: dict[str, tuple[bool, float]] = {}
    for field in fields:
        found = _beginning(field, asked).order_by("-weight", "term").values_list("term", "word", "weight")
        rows |= {term: (word, weight) for term, word, weight in found[: OFFERED * 2]}
    best = sorted(rows, key=lambda t: (not rows[t][0], -rows[t][1], len(t)))
    return [term for term in best if term != text][:OFFERED]


def correct(text: str) -> str:
    """What was probably meant by a query that finds nothing: 底保 → 低保, dibao → 低保; "" where nothing is near."""
    query = understand(text, lexicon())
    if query.number:
        return numbers.near(query.number)
    plain = query.text
    if query.empty or _known(plain, lexicon()):
        return ""
    if _LETTERS.match(plain):
        return _from_pinyin(plain)
    whole = _near(plain)
    if whole:
        return whole
    return _word_by_word(query, lexicon())


def _known(word: str, lex: Lexicon) -> bool:
    """Whether the lexicon or a matter calls something so: such a word is no slip, though nothing public bears it."""
    return word in lex.others or word in matters.names()


def _word_by_word(query: Query, lex: Lexicon) -> str:
    changed = False
    out = []
    words = [word for idea in query.exact for word in _known_pieces(idea.word, lex)]
    known = set(SearchTerm.objects.filter(term__in=set(words)).values_list("term", flat=True))
    known |= {word for word in words if len(word) < 2 or word in stopwords() or _known(word, lex)}
    for word in words:
        meant = "" if word in known else _near(word)
        changed = changed or bool(meant)
        out.append(meant or word)
    return "".join(out) if changed and len(query.exact) == 1 else " ".join(out) if changed else ""


def _known_pieces(text: str, lex: Lexicon) -> Iterable[str]:
    """Words of ``text``; single characters next to each other are one unknown word (底保 is cut into 底, 保)."""
    lone = ""
    for word in lex.words(text):
        if len(word) == 1 and is_cjk(word):
            lone += word
            continue
        if lone:
            yield lone
            lone = ""
        yield word
    if lone:
        yield lone


def _from_pinyin(letters: str) -> str:
    asked = letters.replace(" ", "").replace("'", "")
    if len(asked) < 2:
        return ""
    whole = SearchTerm.objects.filter(weight__gt=0)
    for field in ("pinyin", "initials"):
        row = whole.filter(**{field: asked}).order_by("-word", "-weight").first()
        if row:
            return row.term
    row = _beginning("pinyin", asked).order_by("-word", "-weight").first() if len(asked) > 3 else None
    return row.term if row else _pinyin_near(asked)


def _pinyin_near(asked: str) -> str:
    """A word that holds what is pronounced like this (lvxian → 绿线 of 城市绿线), or whose pinyin is one letter away."""
    if len(asked) < 5:
        return ""
    words = SearchTerm.objects.filter(word=True).order_by("-weight")
    for term in words.filter(pinyin__contains=asked).values_list("term", flat=True)[:50]:
        if piece := _pronounced(term, asked):
            return piece
    rows = _beginning("pinyin", asked[:2]).filter(word=True).order_by("-weight")[:2000]
    near = [r for r in rows if DamerauLevenshtein.distance(r.pinyin, asked, score_cutoff=1) <= 1]
    return near[0].term if near else ""


def _pronounced(term: str, asked: str) -> str:
    """The characters of ``term`` that are pronounced ``asked``; "" where no character begins or ends there."""
    sounds = [normalise(sound) for sound in lazy_pinyin(list(term))]
    for start in range(len(term)):
        for end in range(start + 2, len(term) + 1):
            if "".join(sounds[start:end]) == asked:
                return term[start:end]
    return ""


def _near(word: str) -> str:
    """The known word that sounds the same, or differs by one character; "" where there is none."""
    if not 2 <= len(word) <= 12 or not is_cjk(word):
        return ""
    full, _ = pinyin_of(word)
    row = SearchTerm.objects.filter(pinyin=full).exclude(term=word).order_by("-word", "-weight").first()
    if row:
        return row.term
    return _one_off(word, full)


def _one_off(word: str, full: str) -> str:
    if len(word) < 3:
        return ""
    starts = {word[:2], word[:1]}
    rows = SearchTerm.objects.none()
    for start in starts:
        rows = rows | _beginning("term", start)
    found = [
        (DamerauLevenshtein.distance(row.pinyin, full), -row.weight, row.term)
        for row in rows.filter(word=True).order_by("-weight")[:1500]
        if row.term != word
        and abs(len(row.term) - len(word)) <= 1
        and DamerauLevenshtein.distance(row.term, word, score_cutoff=1) <= 1
    ]
    return min(found)[2] if found else ""
