"""The pages and forms of the ledger, one module a subject."""
