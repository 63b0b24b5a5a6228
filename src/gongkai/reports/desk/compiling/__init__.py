"""Desk pages of the compiled report: beginning a draft, what lies behind a number, statistics, opening balances."""
