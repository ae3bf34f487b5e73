"""A ledger of any size, made of real streams, and what its pages and verbs cost."""
