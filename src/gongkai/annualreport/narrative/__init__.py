"""What the narrative says about the tables, as claims with their place in the text.

>>> from gongkai.annualreport.model import Section, from_numbers
>>> report = from_numbers({}, year=2025, sections=[Section(1, "", "2025年共受理政府信息公开申请29件。")])
>>> [(c.label, c.quantity.number) for c in claims(report) if c.quantity]
[('收到', 29)]
"""

from .extract import by_section, claims
from .model import Bound, Claim, ClaimKind, Confidence, Formula, Quantity, Scope

__all__ = [
    "Bound",
    "Claim",
    "ClaimKind",
    "Confidence",
    "Formula",
    "Quantity",
    "Scope",
    "by_section",
    "claims",
]
