"""Thin shells: find what the page is about, call the action or the query, draw."""
