# Everything a person or the CI does here begins with `make`. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help env demo up test lint format types bench bench-import bench-assign bench-duplicates bench-pictures bench-sitting bench-sweep bench-trial bench-documents bench-ocr bench-review eval soak ci-postgres15 migrations wheel clean

BIHUAN := .venv/bin/bihuan
PYTEST := .venv/bin/pytest
# Two test processes at least: tests that only wait for each other's commits still find a second one.
JOBS ?= auto
ROWS ?= 10000
PAGES ?= 30
TIMES ?= 10
export UV_PYTHON_DOWNLOADS := never
# Containers like to set it. Every process would compile the whole program anew: six seconds a command instead of two.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-14s %s\n", $$1, $$2 }'

env: ## .venv with bin/bihuan, and the front-end parts, from the two lock files
	@scripts/environment.sh

demo: env ## a demonstration city, the main job on sample documents, then the program at 127.0.0.1:8000
	@scripts/demonstration.sh

up: env ## serve the ledger of this checkout
	@$(BIHUAN) up

test: env ## everything tests need, then the whole test suite
	@scripts/test_requirements.sh
	@$(PYTEST) -n $(JOBS) $(ARGS)

lint: ## style, types, floors, licences, browser floor, sizes, secrets
	@scripts/environment.sh lint
	@scripts/lint.sh

format: env ## put the code into its one format
	@.venv/bin/ruff check --quiet --fix-only . && .venv/bin/ruff format .

bench: env ## fill a ledger with ROWS problems and print latencies and throughput
	@$(BIHUAN) bench --rows $(ROWS)

bench-review: env ## review and seal a made-up letter of PAGES pages in the demonstration, and print keystrokes and server time
	@$(BIHUAN) bench_review --pages $(PAGES)

bench-import: env ## import a made-up ledger of ROWS rows and print seconds, memory and the ratio to a raw COPY
	@$(BIHUAN) bench_import --rows $(ROWS)

bench-assign: env ## give ROWS made-up problems of a demonstration to their units by one order, and print the seconds of each step
	@$(BIHUAN) bench_assign --rows $(ROWS)

bench-sitting: env ## decide a closure sitting of 1,000 made-up problems of a demonstration three times, and print the median and the ratio to a raw COPY
	@$(BIHUAN) bench_sitting

bench-duplicates: env ## ask a made-up ledger of ROWS problems what a text may repeat, and print milliseconds and recall
	@$(BIHUAN) bench_duplicates --rows $(ROWS)

bench-pictures: env ## ask ROWS made-up photographs which look nearly like one, and print milliseconds and recall
	@$(BIHUAN) bench_pictures --rows $(ROWS)

bench-sweep: env ## a night of lights and ladder over ROWS made-up open problems, one in a hundred due, and print seconds and the ratio to plain SQL
	@$(BIHUAN) bench_sweep --rows $(ROWS)

bench-trial: env ## try a version of lights and one of the ladder on ROWS made-up past cases, and print seconds, memory and the ratio to plain SQL
	@$(BIHUAN) bench_trial --rows $(ROWS)

bench-documents: env ## pages a second of each document format, from the file to candidates
	@.venv/bin/python scripts/bench_documents.py

bench-ocr: env ## seconds a page and wrong characters in a hundred of scans of each kind
	@.venv/bin/python scripts/bench_ocr.py

eval: env ## scores of text engine and intake against human labels, where those are at hand
	@.venv/bin/python scripts/evaluate.py

soak: env ## the long tests, a thousand examples of each rule, then what kills servers and workers, TIMES over, in ever new order
	@$(PYTEST) -q tests -m long $(ARGS)
	@$(PYTEST) -q tests -m "hypothesis and not long" --hypothesis-profile soak $(ARGS)
	@for i in $$(seq $(TIMES)); do $(PYTEST) -q tests -m "kills or embedded" $(ARGS) || exit 1; done

ci-postgres15: env ## migrations and action tests on the system's own PostgreSQL 15
	@scripts/postgres15.sh $(ARGS)

migrations: env ## write the migrations that models ask for
	@$(BIHUAN) makemigrations

wheel: env ## the installable package, front-end parts included
	@.tools/bin/uv build --wheel

clean: ## remove what was built here; ledgers and their keys stay
	@rm -rf .venv .tools node_modules bihuan/web/static/vendor dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
