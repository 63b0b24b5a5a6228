"""访问量: how often the public pages were opened, by day and address — counts, never a person.

``rules`` says what counts (pure), ``places`` where an address belongs, ``ledger`` is the one that writes, ``counting``
counts what the application answers, ``logs`` what nginx answered, ``selectors`` reads.
"""
