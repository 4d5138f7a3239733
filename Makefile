# One vocabulary: demo · test · lint · bench · docs · lock. `.ci/run` calls lint and test.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo test lint format bench docs lock clean help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Build isolation would fetch an unpinned build backend; the lock has a pinned one.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
EDITABLE := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(VENV)/base ## Install, and run a sample company end to end
	@$(BIN)/kept demo --dir demo $(DEMO_FLAGS)

test: $(VENV)/dev ## Run every test
	@tools/install-test-servers
	@$(BIN)/python -m pytest -q --numprocesses auto --dist worksteal

lint: $(VENV)/dev ## Style, types, and the arrows of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=src $(BIN)/lint-imports

format: $(VENV)/dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/dev ## Measure, and print ratios against a floor with the machine
	@$(BIN)/python bench/run.py

docs: $(VENV)/dev ## Write the reference pages that the code itself says
	@$(BIN)/python tools/write_reference.py

lock: ## Resolve the lock files anew from pyproject.toml (needs uv)
	@uv pip compile --quiet pyproject.toml --extra build --universal --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --output-file requirements.lock
	@uv pip compile --quiet pyproject.toml --extra build --extra dev --universal --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --constraint requirements.lock \
	  --output-file requirements-dev.lock

clean: ## Remove what the targets made
	@rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A stamp is newer than its lock exactly when that lock is what is installed.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kept needs Python 3.11 or later")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/base: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing Kept into $(VENV) (once)" >&2
	@$(INSTALL) --requirement requirements.lock
	@$(EDITABLE)
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing Kept and its test tools into $(VENV) (once)" >&2
	@$(INSTALL) --requirement requirements-dev.lock
	@$(EDITABLE)
	@touch $@ $(VENV)/base
