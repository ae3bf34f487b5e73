"""The verbs of the ledger, one module a subject."""

from __future__ import annotations

from bihuan.ledger.actions.answers import answer_finding, draft_answer, record_determination
from bihuan.ledger.actions.batches import create_batch
from bihuan.ledger.actions.channels import admit, create_channel, dismiss, hand_over_clue, return_clue
from bihuan.ledger.actions.comparisons import keep_apart, link_recurrence, take_back_comparison
from bihuan.ledger.actions.endings import request_ending
from bihuan.ledger.actions.taxonomy import (
    add_entry,
    edit_customs,
    edit_label,
    move_sector,
    retire_entry,
    seed_taxonomy,
    word_locally,
)
from bihuan.ledger.actions.triage import (
    edit_facts,
    propose,
    register,
    register_placeholder,
    return_proposal,
)
from bihuan.ledger.actions.views import forget_view, save_view

__all__ = [
    "add_entry",
    "admit",
    "answer_finding",
    "create_batch",
    "create_channel",
    "dismiss",
    "draft_answer",
    "edit_customs",
    "edit_facts",
    "edit_label",
    "forget_view",
    "hand_over_clue",
    "keep_apart",
    "link_recurrence",
    "move_sector",
    "propose",
    "record_determination",
    "register",
    "register_placeholder",
    "request_ending",
    "retire_entry",
    "return_clue",
    "return_proposal",
    "save_view",
    "seed_taxonomy",
    "take_back_comparison",
    "word_locally",
]
