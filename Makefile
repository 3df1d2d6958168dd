# What people type. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export COLISEUM_HOME ?= $(CURDIR)/.coliseum
export COLISEUM_PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help setup run demo docs test test-docker test-traffic check fmt lock faults contract fuzz hostile hostile-layers rooms words clean

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 14)))' \
	  || { echo "Coliseum needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is another. Set PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Install the venv module first: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/.setup: requirements/platform.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/platform.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: .venv/.setup ## make the environment in .venv and install everything the site needs

run: setup ## start the whole site on this machine; Ctrl-C stops it
	@exec $(BIN)/coliseum up

demo: setup ## create the demo competitions without starting the site
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py demo

test: .venv/.dev ## install what the tests need and run all of them
	@tests/run

test-docker: .venv/.dev ## levels 3 and 4, on a Docker daemon of the tests' own; needs root, docker.io and runsc
	@command -v dockerd >/dev/null && command -v runsc >/dev/null \
	  || { apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io runsc >/dev/null; } \
	  || echo "docker.io and runsc could not be installed: what needs them is skipped and counted below."
	$(BIN)/python -m pytest -q -m docker tests/workers/containers

test-traffic: .venv/.dev ## the arenas of the extra `traffic`: installs SUMO into .venv (0.9 GB), then tries them
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/traffic.txt
	$(BIN)/python -m pytest -q tests/arenas/games/test_traffic.py

check: .venv/.dev ## all gates: format, lint, types, import contract, migrations, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	COLISEUM_HOME=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -q tests/test_layout.py tests/test_docs.py

fmt: .venv/.dev ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/.dev ## pin all dependencies again
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  --extra worker --extra platform --group build pyproject.toml -o requirements/platform.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  --extra worker --extra platform --extra dev --group build -c requirements/platform.txt pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  --extra worker --extra traffic --group build -c requirements/platform.txt pyproject.toml -o requirements/traffic.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  --extra worker --group build -c requirements/platform.txt pyproject.toml -o requirements/worker.txt

faults: .venv/.dev ## the long fault run: 300 kills over 1,000 matches on both stores (about 15 minutes)
	$(BIN)/python -m tests.faults.long

contract: .venv/.dev ## the API against its own description, 200 requests an operation (about 10 minutes)
	API_EXAMPLES=200 $(BIN)/python -m pytest -q tests/platform/api/test_openapi.py

fuzz: .venv/.dev ## hostile bytes and values against all that reads them, a minute each (about 12 minutes)
	$(BIN)/python -m tests.fuzz --seconds 60

hostile: .venv/.dev ## every hostile agent against the real engine; started by root, as an ordinary user too (2 minutes)
	$(BIN)/python -m tests.hostile --every-user

hostile-layers: .venv/.dev ## one wall of the sandbox down at a time, and what then opens to an agent (1 minute)
	$(BIN)/python -m tests.hostile.layers --every-user

docs: .venv/.dev ## build the documentation as a site in docs/_build/html
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html

rooms: .venv/.dev ## write the module list of ARCHITECTURE.md from the modules' captions
	$(BIN)/python -m tests.rooms

words: .venv/.dev ## gather all words to translate into frontend/locale and compile them; needs gettext
	$(BIN)/python -m tests.words

clean: ## remove the environment and caches; keeps the site's data in .coliseum
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
