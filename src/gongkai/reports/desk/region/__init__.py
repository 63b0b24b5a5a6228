"""Desk page of 区域总览."""
