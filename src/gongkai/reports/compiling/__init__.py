"""The report that writes itself: cells counted over the ledgers, the draft that shows them, the act that freezes it."""
