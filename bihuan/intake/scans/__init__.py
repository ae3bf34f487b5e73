"""Scans on their way to become documents: recognised page by page, then received like any other file."""
