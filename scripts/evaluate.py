"""`make eval`: scores the program's own commands against human labels, where a folder of those is at hand.

The labels are not ours to ship. The folder is `../shared/eval` beside the checkout, or the one named in
BIHUAN_EVALUATION; it brings its own `score.py`. Classification is learnt and tested on five folds, fixed by
seed and repeated, because one split of few rows says little.
"""

from __future__ import annotations

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIHUAN = ROOT / ".venv" / "bin" / "bihuan"
FOLDS = 5
REPEATS = int(os.environ.get("REPEATS", "5"))


def main() -> int:
    labels = Path(os.environ.get("BIHUAN_EVALUATION") or ROOT.parent / "shared" / "eval")
    if not (labels / "score.py").is_file():
        sys.stderr.write(
            f"No human labels at {labels}: nothing can be scored. Name their folder in BIHUAN_EVALUATION.\n"
        )
        return 2
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        return max(intake(labels, out), similar(labels, out), classify(labels, out))


def run(output: Path, *arguments: object) -> None:
    with output.open("w", encoding="utf-8") as file:
        subprocess.run([BIHUAN, *map(str, arguments)], check=True, stdout=file, stderr=subprocess.DEVNULL)


def score(labels: Path, *arguments: object) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, labels / "score.py", *map(str, arguments)],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    return int(done.returncode != 0), done.stdout


def intake(labels: Path, out: Path) -> int:
    for document in sorted((labels / "documents").glob("*.txt")):
        run(out / f"{document.stem}.json", "intake", document, "--json")
    code, said = score(labels, "intake", labels / "documents", out)
    print(f"── intake\n{said}", end="", flush=True)
    return code


def similar(labels: Path, out: Path) -> int:
    pairs = labels / "same_problem_pairs.csv"
    run(out / "similar.json", "similar", "--corpus", labels / "complaints.csv", "--pairs", pairs, "--json")
    code, said = score(labels, "similar", pairs, out / "similar.json")
    print(f"── similar\n{said}", end="", flush=True)
    return code


def classify(labels: Path, out: Path) -> int:
    with (labels / "labelled_messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    worst, results = 0, []
    for repeat in range(REPEATS):
        order = list(rows)
        random.Random(repeat).shuffle(order)  # noqa: S311 - folds must be the same each time
        for fold in range(FOLDS):
            test = order[fold::FOLDS]
            train = [row for number, row in enumerate(order) if number % FOLDS != fold]
            write(out / "train.csv", train)
            write(out / "test.csv", test)
            run(
                out / "classify.json",
                "classify",
                "--train",
                out / "train.csv",
                "--test",
                out / "test.csv",
                "--unlabelled",
                labels / "complaints.csv",
                "--json",
            )
            code, said = score(labels, "classify", out / "test.csv", out / "classify.json")
            worst = max(worst, code)
            results.append(json.loads(said.strip().splitlines()[-1]))
    print(f"── classify: {REPEATS} × {FOLDS} folds, mean ± sd")
    for name in (name for name, value in results[0].items() if isinstance(value, int | float)):
        values = [result[name] for result in results if result[name] is not None]
        print(f"{name:24} {statistics.fmean(values):.4f} ± {statistics.pstdev(values):.4f}")
    return worst


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
