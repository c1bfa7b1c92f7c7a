# Every target sets up what it needs, on a machine that has only Python 3.11 or newer, make, git and the package registries.
#
#   make run      set up, build the pages, serve on http://127.0.0.1:8000 and print the link that makes the first account
#   make demo     the same with a realistic demo fund in ./data-demo
#   make test     every test: TypeScript (Vitest), Python (pytest), a real browser (Chromium)
#   make check    everything that needs no run: format, lint, types, import contracts, docs
#   make bench    the benchmarks
#   make bench-formulas  only that of the formula engine, against its bars
#   make bench-grid      only that of the grid in a browser, 100,000 and 1,000,000 rows, against its bars
#   make bench-backups   only the restore drill of 100,000 investors, which must end in under a minute
#   make setup    only the setting up: .venv with the locked packages and .venv/bin/crm
#   make openapi  write docs/reference/{openapi.json,permissions.md} and web/src/api/schema.d.ts again from the code
#   make lock     write requirements/*.txt again from pyproject.toml (UPGRADE=1: to the newest versions)
#   make clean    remove what the tools made (never ./data)

.DELETE_ON_ERROR:
.PHONY: run demo test nightly check bench bench-formulas bench-grid bench-backups setup web openapi lock changelog clean format browser help
.DEFAULT_GOAL := help

VENV   := .venv
BIN    := $(VENV)/bin
NPM    := $(BIN)/python hatch_build.py npm
# How many pytest processes at a time, and further arguments: make test WORKERS=4 PYTEST="-k undo"
WORKERS ?= 2
PYTEST  ?=
# Tests run as written, so that a failure comes again; make test ORDER= shuffles them within their files.
ORDER   ?= -p no:randomly
# Further arguments for the server: make run ARGS="--port 9000"
ARGS    ?=

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile

# --- setting up ----------------------------------------------------------------------------------------------------

setup: $(VENV)/.installed

# The locked packages first, each checked against its hash, then this project itself in place and without looking further.
# No package index is named here: pip uses the one the machine is set up with.
$(VENV)/.installed: requirements/dev.txt pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install -qq --no-input --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -qq --no-input --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@
	@echo "setup: $(BIN)/crm is ready"

$(BIN)/pip:
	@for python in $(PYTHON) python3.11 python3 python3.14 python3.13 python3.12; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "setup: making $(VENV) with $$python ($$("$$python" -V 2>&1))"; \
	    "$$python" -m venv $(VENV) && exit 0; \
	    echo "error: $$python cannot make a virtual environment; on Debian install python3-venv." >&2; rm -rf $(VENV); exit 1; \
	  fi; \
	done; \
	echo "error: Venture CRM needs Python 3.11 or newer, and none was found on PATH." >&2; \
	echo "       Install it (Debian: apt-get install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3.11" >&2; \
	exit 1

# api/static, built from web/; skipped by the hash of web/ when nothing there changed.
web: setup
	@$(BIN)/python hatch_build.py

browser: setup
	@$(BIN)/python tests/browser/chromium.py --install

# --- running -------------------------------------------------------------------------------------------------------

run: web
	$(BIN)/crm serve $(ARGS)

demo: web
	$(BIN)/crm serve --demo --data-dir data-demo $(ARGS)

# --- testing -------------------------------------------------------------------------------------------------------

# Both suites always run; pytest comes last, so that its line closes the output.
test: web browser
	@status=0; \
	echo "== Vitest"; $(NPM) run test || status=1; \
	echo "== pytest"; $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile $(ORDER) $(PYTEST) || exit 1; \
	exit $$status

# The fault tests at length: 200 kills and 200 power cuts instead of 20.
nightly: web
	CRM_TEST_KILLS=200 $(BIN)/python -m pytest -q -p no:randomly --timeout 7200 tests/faults $(PYTEST)

# Every check runs, also after one has failed; the names of the failed ones close the output.
check: setup
	@failed=""; \
	section() { name=$$1; shift; echo "== $$name"; "$$@" || failed="$$failed $$name"; }; \
	section ruff-lint    $(BIN)/ruff check; \
	section ruff-format  $(BIN)/ruff format --check; \
	section mypy         $(BIN)/mypy crm_core plugins api tests hatch_build.py changes; \
	section imports      $(BIN)/lint-imports; \
	section typescript   $(NPM) run --silent typecheck; \
	section biome        $(NPM) run --silent lint; \
	section docs         $(BIN)/python -m pytest -q -p no:randomly tests/house/test_docs.py tests/house/test_text.py; \
	if [ -n "$$failed" ]; then echo "check: failed:$$failed" >&2; exit 1; fi; echo "check: all clean"

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# What runs by itself; and, where the peer harness is beside this checkout, the operations that other products are measured by:
# make bench SIZES=10000,100000 PEERS=venture_crm,pocketbase
HARNESS ?= ../shared/bench
SIZES   ?= 10000
PEERS   ?= venture_crm
bench: web
	$(BIN)/python bench/imports.py
	@if [ -f "$(HARNESS)/run.py" ]; then \
	  PYTHONPATH="$(HARNESS):." $(BIN)/python -m bench.reading && \
	  PYTHONPATH=bench $(BIN)/python "$(HARNESS)/run.py" --peers $(PEERS) --sizes $(SIZES) $(ARGS); \
	else echo "bench: no peer harness in $(HARNESS) (HARNESS=folder names another)"; fi

bench-backups: setup
	$(BIN)/python -m bench.backups $(ARGS)

bench-grid: web
	$(BIN)/python -m bench.grid --check $(ARGS)

bench-formulas: setup
	$(BIN)/python -m bench.formulas --check $(ARGS)
	$(BIN)/python -m bench.computed --check

# --- generated files, all committed --------------------------------------------------------------------------------

openapi: setup
	$(BIN)/crm openapi > docs/reference/openapi.json.new
	@mv docs/reference/openapi.json.new docs/reference/openapi.json
	$(BIN)/python hatch_build.py types docs/reference/openapi.json web/src/api/schema.d.ts
	$(BIN)/python -m api.permissions > docs/reference/permissions.md.new
	@mv docs/reference/permissions.md.new docs/reference/permissions.md

LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-header --quiet $(if $(UPGRADE),--upgrade)
lock: | $(BIN)/pip
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) --output-file requirements/run.txt
	$(LOCK) --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt

# Moves the fragments of changes/ into CHANGELOG.md: make changelog VERSION=0.2.0
changelog: setup
	$(BIN)/python changes/collect.py $(VERSION)

clean:
	rm -rf $(VENV) web/node_modules api/static build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache tests/browser/failures
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
