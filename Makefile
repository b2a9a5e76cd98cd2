# What a newcomer, a contributor and CI call. `make` alone lists the recipes.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
# The newest Python that is there and new enough.
PYTHON := $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
WORKERS ?= 2
# How many times as many random examples the slow suite tries.
SEARCH ?= 20

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix test-slow coverage bench example docs lock clean

help: ## list the recipes
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(STAMP) ## create .venv with the locked dependencies

$(STAMP): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Millpond needs Python 3.11 or newer. Install python3.11 and python3.11-venv, then try again." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check --quiet --disable-pip-version-check
	@touch $(STAMP)

run: setup ## the report of the example service
	@mkdir -p out
	@$(BIN)/millpond report examples/victim-support -o out/victim-support.html

test: setup check ## everything that must hold before a change lands, in a few minutes
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

test-slow: setup ## the statistical and large suites, and a wide random search for counterexamples
	MILLPOND_SEARCH=$(SEARCH) $(BIN)/python -m pytest -n $(WORKERS) -m slow
	MILLPOND_SEARCH=$(SEARCH) $(BIN)/python -m pytest -n $(WORKERS) -m "not slow" tests/generative

check: setup ## lint, types, import layers
	$(BIN)/ruff check src tests benchmarks examples
	$(BIN)/ruff format --check src tests benchmarks examples
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup ## mend what the linter can mend
	$(BIN)/ruff check --fix src tests benchmarks examples
	$(BIN)/ruff format src tests benchmarks examples

coverage: setup ## branch coverage of the fast suite
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow" --cov --cov-report=term-missing:skip-covered

bench: setup ## the benchmarks, each with its named peer in the same run
	$(BIN)/python benchmarks/measures.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/simulation.py
	$(BIN)/python benchmarks/plans.py
	$(BIN)/python benchmarks/process_map.py
	$(BIN)/python benchmarks/forecasting.py

example: setup ## write the example service anew, byte for byte
	$(BIN)/python examples/victim_support.py examples/victim-support

docs: setup ## write anew what the documentation takes from the code
	$(BIN)/python docs/generate.py
	$(BIN)/python -m tests.docs.refresh

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-strip-extras --extra dev pyproject.toml -o requirements.txt

clean: ## remove what the recipes made
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
