"""信息处理费: eligibility, the proposal with both bases, the notice, payment and its clock.

Sheet 03; 《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）, 条例第四十二条. Nothing here decides to charge: `propose`
shows both bases with their arithmetic, `decide` records what a named person chose and why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .cite import Citation
from .feecount import CountedApplication, FeeCounter, MonthTotal, Position, applicant_key
from .feepayments import (
    FeeRecord,
    FeeYear,
    Payment,
    PaymentState,
    PaymentStatus,
    beijing_date,
    fee_year,
    payment_due,
    payment_status,
)
from .feerules import PAGES_ONLY_COPIES
from .policy import FeePolicy
from .rules import rule
from .tariff import (
    FeeError,
    fee_by_count,
    fee_by_pages,
    fee_for_nth,
    fee_for_page,
    tariff,
    yuan,
)

__all__ = [
    "NOTICE_ADVISED",
    "NOTICE_REQUIRED",
    "Basis",
    "BasisOption",
    "CountedApplication",
    "FeeCounter",
    "FeeDecision",
    "FeeError",
    "FeeProposal",
    "FeeRecord",
    "FeeYear",
    "MonthTotal",
    "PageCount",
    "Payment",
    "PaymentState",
    "PaymentStatus",
    "Position",
    "ProvisionForm",
    "applicant_key",
    "beijing_date",
    "count_pages",
    "decide",
    "fee_by_count",
    "fee_by_pages",
    "fee_for_nth",
    "fee_for_page",
    "fee_year",
    "notice_in_time",
    "notice_problems",
    "pages_eligibility",
    "payment_due",
    "payment_status",
    "propose",
    "tariff",
    "yuan",
]


class Basis(StrEnum):
    """The two bases; one application is charged on one of them at most."""

    COUNT = "count"
    PAGES = "pages"

    @property
    def label(self) -> str:
        return {"count": "按件计收", "pages": "按量计收"}[self.value]


class ProvisionForm(StrEnum):
    """How the applicant asked to obtain the information (条例第二十九条第二款第三项、第四十条)."""

    PAPER = "paper"
    EMAIL = "email"
    ELECTRONIC = "electronic"
    OTHER_COPY = "other-copy"
    ON_SITE = "on-site"
    NONE = "none"

    @property
    def is_copy(self) -> bool:
        """Paper copies, e-mail, copied data and the like; not reading on site."""
        return self not in (ProvisionForm.ON_SITE, ProvisionForm.NONE)


@dataclass(frozen=True, slots=True)
class PageCount:
    """Pages by the fee rules, with how they were counted."""

    pages: int
    lines: tuple[str, ...]


@rule("fee.page")
def count_pages(
    single_sided: int = 0,
    double_sided_sheets: int = 0,
    converted: Iterable[tuple[str, int, str]] = (),
    policy: FeePolicy | None = None,
) -> PageCount:
    """Pages of one application: one side of A4 or smaller is a page, a printed-through duplex sheet two.

    `converted` holds what has no A4 side (A3, drawings, electronic tables, recordings) as (what, pages by the
    A4 preview, how it was converted); the policy may leave it uncharged.

    Raises:
        FeeError: negative count, or a conversion without its method.
    """
    counting = policy or FeePolicy()
    lines = []
    for count, factor, text in ((single_sided, 1, "单面"), (double_sided_sheets, 2, "双面")):
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise FeeError(f"{text}张数应为不小于0的整数，收到 {count!r}")
        if count:
            lines.append(f"A4及以下{text}{count}张，计{count * factor}页")
    pages = single_sided + 2 * double_sided_sheets
    for what, number, method in converted:
        if not method.strip() or number < 0:
            raise FeeError(f"{what}：折算页数应不小于0并写明折算方法")
        if counting.larger_than_a4 == "a4-preview":
            pages += number
            lines.append(f"{what}按{method}折算，计{number}页")
        else:
            lines.append(f"{what}不计页数")
    return PageCount(pages, tuple(lines))


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a basis may be used, and if not, why, with the article."""

    ok: bool
    reason: str
    source: Citation


@rule("fee.pages-only-copies", "fee.pages-not-public")
def pages_eligibility(form: ProvisionForm, *, provided: bool, already_public: bool = False) -> Eligibility:
    """Whether charging by pages is possible.

    `provided`: copies are actually handed over (whole or in part); `already_public`: the answer only tells
    where or how to obtain public information (条例第三十六条第一项, or 第二项 with route and time only).
    """
    source = PAGES_ONLY_COPIES.source[0]
    if already_public:
        return Eligibility(False, "告知主动公开信息的获取方式、途径的，不适用按量计收", source)
    if not provided:
        return Eligibility(False, "未提供政府信息，没有可计的页数", source)
    if not form.is_copy:
        return Eligibility(False, "现场查阅、抄录等不提供复制件的，不适用按量计收", source)
    return Eligibility(True, "以纸质、电子邮件、复制电子数据等方式提供，可以按量计收", source)


@dataclass(frozen=True, slots=True)
class BasisOption:
    """One basis for one application: amount in 分, how it is made up, or why it cannot be used."""

    basis: Basis
    ok: bool
    amount: int
    lines: tuple[str, ...]
    source: Citation

    @property
    def chargeable(self) -> bool:
        return self.ok and self.amount > 0


@dataclass(frozen=True, slots=True)
class FeeProposal:
    """Both bases side by side. It never decides: charging is 可以, and a person chooses (条例第四十二条)."""

    number: str
    options: tuple[BasisOption, BasisOption]
    note: str

    def option(self, basis: Basis) -> BasisOption:
        return next(o for o in self.options if o.basis == basis)

    @property
    def chargeable(self) -> bool:
        """Whether anything could be charged on either basis."""
        return any(o.chargeable for o in self.options)


@rule("fee.one-basis", "fee.discretion", "fee.every-outcome")
def propose(
    position: Position | None,
    *,
    number: str = "",
    form: ProvisionForm = ProvisionForm.NONE,
    pages: int = 0,
    provided: bool = False,
    already_public: bool = False,
    received_on: dt.date | None = None,
) -> FeeProposal:
    """Both bases for one application with their arithmetic.

    `position` comes from `FeeCounter.position` (None: not counted); `pages` are the pages to be provided.

    Raises:
        FeeError: received before 2021-01-01; negative pages.
    """
    day = position.received_on if position else received_on
    scales = tariff(day)
    eligibility = pages_eligibility(form, provided=provided, already_public=already_public)
    by_pages = scales.by_pages.total(pages)
    if position:
        lines = (str(position), *scales.by_count.lines(position.first, position.last))
        count = BasisOption(Basis.COUNT, True, position.fee, lines, scales.by_count.source)
    else:
        why = ("该件不计入当月件数",)
        count = BasisOption(Basis.COUNT, False, 0, why, scales.by_count.source)
    page_lines = scales.by_pages.lines(1, pages) if eligibility.ok else (eligibility.reason,)
    volume = BasisOption(
        Basis.PAGES, eligibility.ok, by_pages if eligibility.ok else 0, page_lines, scales.by_pages.source
    )
    return FeeProposal(number or (position.number if position else ""), (count, volume), _note(count, volume))


def _note(count: BasisOption, volume: BasisOption) -> str:
    if not (count.chargeable or volume.chargeable):
        return "两种标准下均不产生费用。"
    return "可以收费，也可以不收；如收费，只能选用一种标准，由承办人写明理由后决定（条例第四十二条）。"


@dataclass(frozen=True, slots=True)
class FeeDecision:
    """What a person decided: a basis and its amount, or None and 0 for not charging."""

    number: str
    basis: Basis | None
    amount: int
    reason: str
    decided_by: str


@rule("fee.discretion", "fee.one-basis")
def decide(proposal: FeeProposal, basis: Basis | None, *, reason: str, by: str) -> FeeDecision:
    """Record the choice of one basis, or of not charging (`basis=None`).

    Raises:
        FeeError: no reason or name; a basis that does not apply or yields nothing.
    """
    if not reason.strip() or not by.strip():
        raise FeeError("收费与否的决定须写明理由和决定人")
    if basis is None:
        return FeeDecision(proposal.number, None, 0, reason, by)
    chosen = proposal.option(basis)
    if not chosen.ok:
        raise FeeError(f"不能{basis.label}：{'；'.join(chosen.lines)}（{chosen.source}）")
    if not chosen.amount:
        raise FeeError(f"{basis.label}的金额为0元，无需发出收费通知")
    return FeeDecision(proposal.number, basis, chosen.amount, reason, by)


NOTICE_REQUIRED: Mapping[str, str] = {
    "ground": "收费依据",
    "standard": "收费标准",
    "amount": "收费数额",
    "payment_method": "缴纳方式",
}
NOTICE_ADVISED: Mapping[str, str] = {
    "case_number": "申请登记编号",
    "due_on": "缴纳期限",
    "consequence": "逾期未缴的后果",
    "payee": "收款账户或缴款码",
    "objection": "对收费决定不能单独申请复议或者提起诉讼的说明",
}


@rule("fee.notice")
def notice_problems(notice: Mapping[str, object], *, advised: bool = False) -> tuple[str, ...]:
    """What a fee notice lacks: the four statutory contents, with `advised` also the useful ones."""
    wanted = {**NOTICE_REQUIRED, **(NOTICE_ADVISED if advised else {})}
    return tuple(
        f"收费通知缺少{label}" for key, label in wanted.items() if not str(notice.get(key) or "").strip()
    )


@rule("fee.notice-period")
def notice_in_time(sent_on: dt.date, answer_due: dt.date) -> bool:
    """Whether the notice went out within the processing period (as extended)."""
    return sent_on <= answer_due
