"""Desk page of 政府网站工作年度报表."""
