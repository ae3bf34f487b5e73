"""Spreadsheets on their way into the ledger: read, checked, laid out beside what stands, confirmed by a person, entered."""
