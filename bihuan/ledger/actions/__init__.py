"""The verbs of the ledger, one module a subject."""

from __future__ import annotations

from bihuan.ledger.actions.answers import answer_finding, record_determination
from bihuan.ledger.actions.batches import create_batch
from bihuan.ledger.actions.channels import admit, create_channel, hand_over_clue, return_clue
from bihuan.ledger.actions.endings import request_ending
from bihuan.ledger.actions.taxonomy import edit_label, seed_taxonomy
from bihuan.ledger.actions.triage import edit_facts, propose, register, return_proposal
from bihuan.ledger.actions.views import forget_view, save_view

__all__ = [
    "admit",
    "answer_finding",
    "create_batch",
    "create_channel",
    "edit_facts",
    "edit_label",
    "forget_view",
    "hand_over_clue",
    "propose",
    "record_determination",
    "register",
    "request_ending",
    "return_clue",
    "return_proposal",
    "save_view",
    "seed_taxonomy",
]
