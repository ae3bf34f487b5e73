"""`bihuan recount`: count the problems again where `bihuan verify --derived` found a counter wrong."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bihuan.ledger.counters import count_again, found_in_counters


class Command(BaseCommand):
    help = "重新计数:核对台账的计数器,有出入的逐一指出并重算。"

    def handle(self, **options: Any) -> None:
        wrong = list(found_in_counters())
        for found in wrong:
            self.stdout.write(f"{found.where}  {found.detail}")
        if wrong:
            count_again()
        self.stdout.write(f"重算了 {len(wrong)} 个计数器。" if wrong else "计数器与台账一致。")
