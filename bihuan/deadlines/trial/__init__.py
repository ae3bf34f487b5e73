"""Trying a version of the lights or of the ladder on what has been: pasts from the journal, the same pure rules, a page."""
