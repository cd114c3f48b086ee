# `make demo` shows the tool at work, `make test` checks everything, `make bench` measures.
# Needed: Python 3.11 or later, make, and a package index that pip can reach.

PYTHON ?= python3
VENV := .venv
LOWEST := .venv-lowest
BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check --quiet --no-input
MAKEFLAGS += --no-print-directory
.SHELLFLAGS := -eu -c

# $(call step,what,command): one line when all is well, the whole output when it is not.
define step
@log=$$(mktemp); started=$$(date +%s); \
if ( $(2) ) >"$$log" 2>&1; then \
  printf '  %-34s ok  (%ss)\n' '$(1)' "$$(( $$(date +%s) - started ))"; \
  grep -E '^[0-9]+ passed' "$$log" | tail -1 || true; rm -f "$$log"; \
else cat "$$log"; printf '  %-34s FAILED\n' '$(1)'; rm -f "$$log"; exit 1; fi
endef

.PHONY: help demo test lint types arrows unit lowest bench bench-corpus bench-audit docs format lock clean python

help:
	@sed -n 's/^# //p' Makefile | head -2
	@echo 'Also: make lint, make format, make docs, make bench, make bench-corpus, make bench-audit, make lock, make clean.'

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "signals-agent needs Python 3.11 or later; '$(PYTHON)' is not. Say which to use: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "'$(PYTHON)' cannot make a virtual environment: its venv module is missing (on Debian: apt-get install python3-venv)." >&2; exit 1; }

$(VENV)/bin/python: | python
	$(call step,virtual environment,$(PYTHON) -m venv $(VENV))

$(VENV)/.demo: requirements/demo.txt requirements/build.txt pyproject.toml | $(VENV)/bin/python
	$(call step,locked dependencies,$(BIN)/python $(PIP) install -r requirements/demo.txt -r requirements/build.txt)
	$(call step,the project,$(BIN)/python $(PIP) install --no-deps --no-build-isolation -e .)
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.demo
	$(call step,locked test tools,$(BIN)/python $(PIP) install -r requirements/test.txt)
	@touch $@

$(LOWEST)/bin/python: | python
	$(call step,second virtual environment,$(PYTHON) -m venv $(LOWEST))

$(LOWEST)/.done: requirements/lowest.txt requirements/build.txt pyproject.toml | $(LOWEST)/bin/python
	$(call step,lowest dependencies,$(LOWEST)/bin/python $(PIP) install -r requirements/lowest.txt -r requirements/build.txt)
	$(call step,the project,$(LOWEST)/bin/python $(PIP) install --no-deps --no-build-isolation -e .)
	@touch $@

demo: $(VENV)/.demo
	@$(BIN)/signals-agent demo

test: lint types arrows unit lowest

lint: $(VENV)/.test
	$(call step,format,$(BIN)/ruff format --check --diff .)
	$(call step,lint,$(BIN)/ruff check .)

types: $(VENV)/.test
	$(call step,types,$(BIN)/mypy)

arrows: $(VENV)/.test
	$(call step,arrows,$(BIN)/lint-imports --no-logo)

unit: $(VENV)/.test
	@rm -f .coverage .coverage.*
	$(call step,tests with branch coverage,$(BIN)/python -m pytest -q -n auto --cov --cov-report=term-missing:skip-covered)

lowest: $(LOWEST)/.done
	$(call step,tests with the lowest versions,$(LOWEST)/bin/python -m pytest -q -n auto -p no:cacheprovider -m "not tools and not slow")

bench: $(VENV)/.test
	@$(BIN)/python -m benchmarks

# All outputs of a corpus of a million assets; takes some twenty minutes and 15 GB of disk.
bench-corpus: $(VENV)/.test
	@$(BIN)/python -m benchmarks.corpus

# Audits of 200 origins, of archives and of a million listed URLs, and reports of 100,000 rows; takes some fifteen minutes.
bench-audit: $(VENV)/.test
	@$(BIN)/python -m benchmarks.audit

docs: $(VENV)/.test
	@$(BIN)/python -m tools.declarations
	@$(BIN)/python -m tools.licences
	@$(BIN)/python -m tools.crawlers
	@PYTHONPATH=. $(BIN)/python tests/cli/test_cli_reference.py
	@$(BIN)/python -m tools.schema
	@$(BIN)/python -m tools.guides

format: $(VENV)/.test
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Resolve every dependency anew and write requirements/*.txt; takes a few minutes.
lock: $(VENV)/bin/python
	@$(BIN)/python requirements/lock.py

clean:
	@rm -rf $(LOWEST) $(VENV) build dist .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
