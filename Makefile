# What there is to do here; CONTRIBUTING.md explains it.
# `make` alone lists the targets. Everything lives in .venv; delete it to start over.

PYTHON ?= python3
BIN := .venv/bin
DUCKDB2 := .venv-duckdb2

.PHONY: help setup run serve test check test-duckdb2 bench lock clean

help:  ## This list.
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: .venv/ready  ## Make .venv with the locked packages and the wirecopy command.

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("wirecopy needs Python 3.11 or newer; set PYTHON=...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	awk '/^uv==/ {found = 1} found {print} found && !/\\$$/ {exit}' constraints.txt > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

run: setup  ## Run the demo articles through a local Prefect server and show what was found.
	$(BIN)/wirecopy demo

serve: setup  ## Prefect server with its UI, deployments and schedules, until Ctrl-C.
	$(BIN)/wirecopy serve

test: setup check  ## Lint, types and all tests, a process for each core.
	$(BIN)/pytest -n auto --dist loadfile

check: setup  ## Lint and types alone.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-duckdb2: setup  ## The tests on DuckDB 2.0, in a second environment; files pass between the two.
	test -x $(DUCKDB2)/bin/python || $(PYTHON) -m venv $(DUCKDB2)
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(DUCKDB2)/bin/python --require-hashes -r constraints.txt
	$(BIN)/uv pip install --quiet --python $(DUCKDB2)/bin/python 'duckdb==2.0.*'
	$(BIN)/uv pip install --quiet --python $(DUCKDB2)/bin/python --no-deps --no-build-isolation -e .
	WIRECOPY_OTHER_PYTHON=$(CURDIR)/$(BIN)/python $(DUCKDB2)/bin/python -m pytest -n auto --dist loadfile

bench: setup  ## The benchmarks whose results are committed in benchmarks/results (long).
	$(BIN)/python -m benchmarks.memory --write
	$(BIN)/python -m benchmarks.near_duplicates
	$(BIN)/python -m benchmarks.growth --write
	$(BIN)/python -m benchmarks.orchestration --write
	$(BIN)/python -m benchmarks.passages
	$(BIN)/python -m benchmarks.extraction

lock: setup  ## Resolve the packages anew into constraints.txt.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --upgrade --group dev \
		--constraint locked-versions.txt pyproject.toml -o constraints.txt

clean:  ## Remove the environments and what the demo made.
	rm -rf .venv $(DUCKDB2) wirecopy-demo
