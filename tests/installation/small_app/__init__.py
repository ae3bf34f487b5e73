"""Grants the running role its rights, as the journal does in the real project."""
