"""`bihuan classify --train CSV --test CSV [--unlabelled CSV] [--json]`: learn from labels, predict, and measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bihuan.intake.csv_input import MISUSED, rows_of
from bihuan.text.learning import Example, learn
from bihuan.text.measures import measures_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from bihuan.text.classifier import Prediction


class Command(BaseCommand):
    """Training columns text,label; test columns text and, where it is to be measured, label; an id is optional."""

    needs_database: ClassVar[bool] = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "用已确认的标签学习并预测，给出准确率、宏平均F1、弃权率与校准误差（不需要数据库）"
        )
        parser.add_argument("--train", type=Path, required=True, metavar="CSV")
        parser.add_argument("--test", type=Path, required=True, metavar="CSV")
        parser.add_argument("--unlabelled", type=Path, metavar="CSV")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, **options: Any) -> None:
        examples = [
            Example(row["text"], row["label"]) for row in rows_of(options["train"], ("text", "label"))
        ]
        tests = rows_of(options["test"], ("text",))
        unlabelled = (
            [_text(row) for row in rows_of(options["unlabelled"], ())] if options["unlabelled"] else []
        )
        self.stderr.write(
            _("学习 %(count)s 条，预测 %(tests)s 条") % {"count": len(examples), "tests": len(tests)}
        )
        try:
            model = learn(examples, unlabelled=unlabelled)
        except ValueError as error:
            raise CommandError(_("训练数据至少需要两种标签"), returncode=MISUSED) from error
        said = model.predict_all([row["text"] for row in tests])
        predictions = [
            {
                "id": row.get("id") or str(number),
                "label": found.label,
                "best": found.best,
                "confidence": found.confidence,
                "reasons": list(found.reasons),
            }
            for number, (row, found) in enumerate(zip(tests, said, strict=True), start=1)
        ]
        measured = _measured([row.get("label", "") for row in tests], said)
        if options["as_json"]:
            self.stdout.write(
                json.dumps({"predictions": predictions, **measured}, ensure_ascii=False, indent=1)
            )
            return
        for row, found in zip(predictions, said, strict=True):
            self.stdout.write(f"{row['id']} {found.label or '-'} ({found.best} {found.confidence:.2f})")
        for name, value in measured.items():
            self.stdout.write(f"{name} {value:.4f}")


def _measured(truths: list[str], said: list[Prediction]) -> dict[str, float]:
    """Measures where every row says what is true; nothing otherwise."""
    if not truths or not all(truths):
        return {}
    return measures_of(
        [
            (truth, found.label, found.best, found.confidence)
            for truth, found in zip(truths, said, strict=True)
        ]
    )


def _text(row: dict[str, str]) -> str:
    """Unlabelled texts come as one column `text`, or as title and body."""
    return row.get("text") or f"{row.get('title', '')} {row.get('body', '')}"
