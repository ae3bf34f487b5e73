"""Background work of intake: large spreadsheets, scans and the language model, each one at a time on the installation."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from bihuan.intake.imports import runs as import_runs
from bihuan.intake.language_model import consulting
from bihuan.intake.scans import running as scans


@app.task(name="intake.consult", queue="language_model", lock="intake.consult", retry=1)
def consult(document: str) -> str:
    """Ask the language model about a document that was read; one at a time, so that a slow model is not pressed."""
    return consulting.consult(uuid.UUID(document))


@app.task(name="intake.check_import", queue="imports", lock="intake.imports", retry=2)
def check_import(run: str) -> None:
    """Read and check a ledger. Run twice, it begins again."""
    import_runs.check(run)


@app.task(name="intake.enter_import", queue="imports", lock="intake.imports", retry=2)
def enter_import(run: str) -> None:
    """Enter the rows that were confirmed; blocks that stand are passed over."""
    import_runs.enter(run)


@app.task(name="intake.read_scan", queue="scans", lock="intake.scans", retry=2)
def read_scan(scan: str) -> None:
    """Recognise the pages of a scan that are left, one scan at a time; then receive it."""
    scans.read_scan(scan)


@app.periodic(cron="50 20 * * *", periodic_id="intake.sweep_scans")
@app.task(name="intake.sweep_scans", queue="scans", queueing_lock="intake.sweep_scans")
def sweep_scans(timestamp: int = 0) -> int:
    """Clear scans nobody waits for any more."""
    return scans.sweep()


@app.periodic(cron="20 20 * * *", periodic_id="intake.sweep_imports")
@app.task(name="intake.sweep_imports", queue="imports", queueing_lock="intake.sweep_imports")
def sweep_imports(timestamp: int = 0) -> int:
    """Clear what was laid out and never entered."""
    return import_runs.sweep()
