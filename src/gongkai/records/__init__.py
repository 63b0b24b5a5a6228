"""Archive: the electronic file of each matter, its place on paper, retention, loan and handover."""
