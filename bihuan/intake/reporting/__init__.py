"""上级表样套打: the forms superiors send, matched once, filled from any slice of the ledger, and read back when they return."""
