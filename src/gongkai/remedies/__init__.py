"""Reconsideration and litigation over the answers to applications; table 4 of the annual report."""
