"""履责记录: what a leader did in the loop, read from the journal and never filled in, and what is expected and missing."""
