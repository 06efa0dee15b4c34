# Everything a person types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix bench soak pins audit browser

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Anydoor needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# The stamps make a second `make` instant: a file changes, its step runs again.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.dev ## make the virtual environment from the hashed pins

demo: $(VENV)/.run ## set up, load the example county and serve it
	@$(BIN)/anydoor migrate --verbosity 0
	@if [ -f src/anydoor/config/management/commands/demo.py ]; then $(BIN)/anydoor demo; fi
	@exec $(BIN)/anydoor up

browser: setup
	@$(BIN)/python -m tests.chromium

test: setup browser check ## everything: check, then every test
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist worksteal

check: setup ## format, lint, types, contracts, migrations, templates, documents; writes nothing
	@bash scripts/check

fix: setup ## what can be put right by a machine
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format
	$(BIN)/anydoor documents

bench: setup ## measure the pages against their floors
	$(BIN)/anydoor bench

soak: setup ## 1,000 kills, 100,000 steps, and all that takes long
	ANYDOOR_KILLS=1000 ANYDOOR_WALKS=1300 $(BIN)/python -m pytest -m "soak or faults or walk"

pins: setup ## compile the hashed pins again
	@for part in run dev audit; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url requirements/$$part.in -o requirements/$$part.txt; done

audit: setup ## ask whether anything pinned has a known fault; needs a network, and says so when there is none
	@$(BIN)/python scripts/audit.py
