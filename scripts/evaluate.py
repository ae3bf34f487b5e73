"""`make eval`: scores the program's own commands against human labels, where a folder of those is at hand.

The labels are not ours to ship. The folder is `../shared/eval` beside the checkout, or the one named in
BIHUAN_EVALUATION; it brings its own `score.py`. Beside each score stands that of a plain method on the same rows.
Classification is learnt and tested on five folds, fixed by seed and repeated: the five tests of a repeat are scored
together as one, because calibration over a hundred rows is mostly noise.

    scripts/evaluate.py [intake] [similar] [classify]     all three where none is named
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
import time
from pathlib import Path
from typing import Any

import evaluation_baselines as baselines

ROOT = Path(__file__).resolve().parents[1]
BIHUAN = ROOT / ".venv" / "bin" / "bihuan"
FOLDS = 5
REPEATS = int(os.environ.get("REPEATS", "5"))
ASKED_COVERAGE = 0.7

Rows = list[dict[str, str]]


def main(arguments: list[str]) -> int:
    labels = Path(os.environ.get("BIHUAN_EVALUATION") or ROOT.parent / "shared" / "eval")
    if not (labels / "score.py").is_file():
        sys.stderr.write(
            f"No human labels at {labels}: nothing can be scored. Name their folder in BIHUAN_EVALUATION.\n"
        )
        return 2
    parts = {"intake": intake, "similar": similar, "classify": classify}
    if not set(arguments) <= parts.keys():
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        return max(parts[name](labels, Path(folder)) for name in arguments or parts)


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


def last_line(said: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def intake(labels: Path, out: Path) -> int:
    plain = out / "paragraphs"
    plain.mkdir()
    for document in sorted((labels / "documents").glob("*.txt")):
        run(out / f"{document.stem}.json", "intake", document, "--json")
        dump(plain / f"{document.stem}.json", baselines.paragraphs(document.read_text(encoding="utf-8")))
    code, said = score(labels, "intake", labels / "documents", out)
    _, plainly = score(labels, "intake", labels / "documents", plain)
    print(f"── intake, beside taking every paragraph for a problem\n{said}", end="")
    print(f"paragraphs: {plainly.strip().splitlines()[-1]}", flush=True)
    return code


def similar(labels: Path, out: Path) -> int:
    pairs, corpus = labels / "same_problem_pairs.csv", labels / "complaints.csv"
    run(out / "similar.json", "similar", "--corpus", corpus, "--pairs", pairs, "--json")
    dump(out / "cosine.json", baselines.cosine(rows_of(corpus), rows_of(pairs)))
    code, said = score(labels, "similar", pairs, out / "similar.json")
    _, plainly = score(labels, "similar", pairs, out / "cosine.json")
    drawn = baselines.bootstrap(
        rows_of(pairs), json.loads((out / "similar.json").read_text(encoding="utf-8"))
    )
    print(f"── similar, beside TF-IDF cosine at the threshold best for it\n{said}", end="")
    for name, values in drawn.items():
        print(
            f"{name:24} {statistics.fmean(values):.4f} ± {statistics.pstdev(values):.4f} ({len(values)} draws)"
        )
    print(f"cosine: {plainly.strip()}", flush=True)
    return code


def classify(labels: Path, out: Path) -> int:
    rows = rows_of(labels / "labelled_messages.csv")
    worst, results, seconds = 0, [], 0.0
    for repeat in range(REPEATS):
        order = list(rows)
        random.Random(repeat).shuffle(order)  # noqa: S311 - folds must be the same each time
        said: list[dict[str, Any]] = []
        plainly: list[dict[str, Any]] = []
        for fold in range(FOLDS):
            test = order[fold::FOLDS]
            train = [row for number, row in enumerate(order) if number % FOLDS != fold]
            began = time.perf_counter()
            said += predictions(out, train, test, labels / "complaints.csv")
            seconds += time.perf_counter() - began
            plainly += baselines.machine_of_pairs(train, test)
        write(out / "all.csv", order)
        dump(out / "ours.json", {"predictions": said})
        dump(out / "plain.json", {"predictions": plainly})
        code, ours = score(labels, "classify", out / "all.csv", out / "ours.json")
        _, plain = score(labels, "classify", out / "all.csv", out / "plain.json")
        worst = max(worst, code)
        results.append(
            (last_line(ours) | {"accuracy_on_surest_70": surest(order, said)}, last_line(plain)["macro_f1"])
        )
    print(f"── classify: {REPEATS} × {FOLDS} folds, mean ± sd, {seconds / REPEATS / FOLDS:.1f} s a fold")
    for name in results[0][0]:
        show(name, [ours[name] for ours, _ in results])
    show("pairs machine macro_f1", [plain for _, plain in results])
    show("gain in macro_f1", [ours["macro_f1"] - plain for ours, plain in results])
    return worst


def predictions(out: Path, train: Rows, test: Rows, unlabelled: Path) -> list[dict[str, Any]]:
    write(out / "train.csv", train)
    write(out / "test.csv", test)
    files = ("--train", out / "train.csv", "--test", out / "test.csv", "--unlabelled", unlabelled)
    run(out / "classify.json", "classify", *files, "--json")
    found: list[dict[str, Any]] = json.loads((out / "classify.json").read_text(encoding="utf-8"))[
        "predictions"
    ]
    return found


def surest(rows: Rows, said: list[dict[str, Any]]) -> float:
    """How often the surest 70 in a hundred predictions are right."""
    truths = {row["id"]: row["label"] for row in rows}
    ranked = sorted(said, key=lambda prediction: -prediction["confidence"])
    kept = ranked[: round(ASKED_COVERAGE * len(ranked))]
    return statistics.fmean(truths[one["id"]] == one["best"] for one in kept)


def show(name: str, values: list[float]) -> None:
    print(f"{name:24} {statistics.fmean(values):.4f} ± {statistics.pstdev(values):.4f}", flush=True)


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def dump(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
