"""What the pages of the ledger show, as plain values the interface draws."""
