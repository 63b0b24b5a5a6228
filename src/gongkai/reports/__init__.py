"""年度报告: reports kept, checked, published and compared; the public checking page."""
