"""办理 of a report, 收报看板, 汇总核对."""
