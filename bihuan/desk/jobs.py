"""Background work of the desk: case files in number, and clearing those whose days are over."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.desk import case_file_binding


@app.task(name="desk.bind_case_files", queue="case_files", lock="desk.bind_case_files")
def bind_case_files(binding: str) -> None:
    """Bind what was asked for, one binding at a time on the whole installation. Run twice, it begins again."""
    case_file_binding.bind(binding)


@app.periodic(cron="50 19 * * *", periodic_id="desk.sweep_case_files")
@app.task(name="desk.sweep_case_files", queue="case_files", queueing_lock="desk.sweep_case_files")
def sweep_case_files(timestamp: int = 0) -> int:
    """Clear archives nobody may fetch any more."""
    return case_file_binding.sweep()
