"""What a letter still lacks before it may go to review or be signed."""

from __future__ import annotations

import re
from datetime import date

from gongkai.applications.letters import context
from gongkai.applications.letters.fields import DEFERRED, FIELD_FACTS, FIELDS, REMEDY
from gongkai.applications.letters.kinds import LETTER_KINDS, LetterKind
from gongkai.applications.letters.language import HOLE, TemplateProblem, parse
from gongkai.applications.models import Application, Letter
from gongkai.law.outcomes import check_decision
from gongkai.law.remedy import RemedyError

#: A remedy written by hand: the words that only the computed paragraph may contain.
_HAND_REMEDY = re.compile(
    r"(六十日|60\s*日|六个月|6\s*个月|十五日|15\s*日)内.{0,40}(行政复议|行政诉讼|起诉|人民法院)"
)
_TITLE_LONGEST = 160


def final_text(letter: Letter, application: Application, on: date) -> str:
    """The text as it will be printed: the remedy paragraph computed for a decision made ``on``.

    Raises ``law.remedy.RemedyError`` where the organ's record lacks what the remedy names.
    """
    if letter.frozen:
        return str(letter.body)
    kind = LETTER_KINDS[letter.kind]
    text = str(letter.body)
    if kind.has_remedy:
        remedy = context.remedy_for(application, kind, on=on, online=bool(letter.details["online"]))
        text = text.replace(f"{{{{ {REMEDY} }}}}", str(remedy))
    return "\n".join(line for line in text.split("\n") if line.strip())


def text_problems(kind: LetterKind, title: str, body: str) -> list[str]:
    """What is wrong with an edited text as such."""
    out = []
    if not title.strip() or len(title) > _TITLE_LONGEST:
        out.append(f"标题不能为空，也不能超过 {_TITLE_LONGEST} 字。")
    if not body.strip():
        return [*out, "正文不能为空。"]
    try:
        names = parse(body).names()
    except TemplateProblem as problem:
        return [*out, *problem.problems]
    wrong = [name for name in names if name not in DEFERRED]
    if wrong or "{%" in body:
        out.append("正文里只能保留“{{ 救济途径 }}”，其余字段请写成文字，或者重新生成正文。")
    count = body.count(f"{{{{ {REMEDY} }}}}")
    if kind.has_remedy and count != 1:
        out.append("正文里应有且只有一处“{{ 救济途径 }}”，签发时由系统写入；请勿删除或者手写。")
    if not kind.has_remedy and count:
        out.append("这种文书不告知救济途径，请删去“{{ 救济途径 }}”。")
    if kind.outcome and _HAND_REMEDY.search(body):
        out.append("救济途径由系统计算，不能手写；请删去正文中手写的复议、诉讼期限。")
    return out


def problems(letter: Letter, application: Application, on: date) -> list[str]:
    """Everything that stands in the way of sending the letter on, all at once."""
    kind = LETTER_KINDS[letter.kind]
    body = str(letter.body)
    out = text_problems(kind, letter.title, body)
    holes = [name for name in dict.fromkeys(HOLE.findall(body)) if name in FIELDS]
    if holes:
        out.append("还没有填写的内容：" + "、".join(holes) + "。")
    if kind.outcome:
        out += _facts_problems(kind, letter)
        try:
            final_text(letter, application, on)
        except RemedyError as problem:
            out.append(str(problem))
    if kind.key == "partial.usual" and not letter.attachments.exists():
        out.append("部分公开应附区分处理后的信息，请在附件中选择。")
    if kind.addressed and not letter.details["addressee"].strip():
        out.append("没有主送对象。")
    return out


def facts_of(letter: Letter, values: dict[str, str]) -> dict[str, object]:
    """The typed values as the facts ``law.outcomes`` checks."""
    facts: dict[str, object] = {}
    for name, text in values.items():
        key = FIELD_FACTS.get(name)
        if key == "withheld":
            facts[key] = context.withheld_parts(text)
        elif key:
            facts[key] = text
    return facts


def _facts_problems(kind: LetterKind, letter: Letter) -> list[str]:
    found = check_decision(kind.outcome, facts_of(letter, letter.details["values"]), kind.variant)
    out = []
    for problem in found:
        if problem.severity == "error":
            source = f"（{problem.cite.short}）" if problem.cite else ""
            out.append(f"{problem.message}{source}。")
    return out
