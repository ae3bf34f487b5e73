"""Replaying the journal: is every row what its events say, every event what was chained, nothing more and nothing less."""
