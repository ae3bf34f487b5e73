"""Chinese text: plain functions without Django, database, clock or settings."""
