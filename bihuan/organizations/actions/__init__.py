"""The verbs of this room; `bihuan.organizations.verbs` gives the words people read for them."""

from __future__ import annotations

from bihuan.organizations.actions.bodies import add_member, create_body, end_body, end_membership
from bihuan.organizations.actions.people import (
    create_person,
    depart,
    rename_person,
    set_account,
    set_email,
    set_mobile,
)
from bihuan.organizations.actions.posts import (
    appoint,
    close_post,
    create_post,
    end_tenure,
    hand_over,
    revise_post,
)
from bihuan.organizations.actions.roles import grant_role, withdraw_role
from bihuan.organizations.actions.stand_ins import appoint_stand_in, end_stand_in
from bihuan.organizations.actions.structure import import_structure
from bihuan.organizations.actions.ties import end_line, end_stewardship, set_line, steward
from bihuan.organizations.actions.units import (
    close_unit,
    create_unit,
    merge_units,
    move_unit,
    name_successor,
    rename_unit,
    set_jurisdiction,
)
from bihuan.organizations.actions.vacancies import keep_vacancies

__all__ = [
    "add_member",
    "appoint",
    "appoint_stand_in",
    "close_post",
    "close_unit",
    "create_body",
    "create_person",
    "create_post",
    "create_unit",
    "depart",
    "end_body",
    "end_line",
    "end_membership",
    "end_stand_in",
    "end_stewardship",
    "end_tenure",
    "grant_role",
    "hand_over",
    "import_structure",
    "keep_vacancies",
    "merge_units",
    "move_unit",
    "name_successor",
    "rename_person",
    "rename_unit",
    "revise_post",
    "set_account",
    "set_email",
    "set_jurisdiction",
    "set_line",
    "set_mobile",
    "steward",
    "withdraw_role",
]
