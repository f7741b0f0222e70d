# Two commands do everything on a machine with Python 3.11+ and make:
#   make demo   the bot's main job, against a local Slack: here, then in a browser
#   make test   every test
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: help install demo programs test check docs format bench soak chaos audit lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

install: $(INSTALLED) ## the project and its tools, in .venv, at the locked versions

$(INSTALLED): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED) ## the main job on the real scorecard, against a local Slack, with a page
	@$(BIN)/kpi demo

programs: $(INSTALLED) ## what tests drive: Debian's Chromium and Prometheus, where they are missing
	@$(BIN)/python -m tests.programs

test: programs ## every test, with PostgreSQL, Prometheus and a browser
	@$(BIN)/python -m pytest -n auto

check: $(INSTALLED) docs ## format, lint, types, the dependency rules, and the documentation's site
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(INSTALLED) ## the documentation as a site in site/; python -m tests.docs writes its reference
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

format: $(INSTALLED) ## put code into the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(INSTALLED) ## speed and memory, as ratios to baselines of the same run, into docs/speed.md
	@$(BIN)/python -m tests.bench

soak: $(INSTALLED) ## ten minutes of steady use: flat memory, nothing left over; SOAK="--minutes 2"
	@$(BIN)/python -m tests.bench.soak $(SOAK)

chaos: $(INSTALLED) ## heavy runs that try to break the bot; CHAOS="fuzz --cases 100000 --seed 1"
	@$(BIN)/python -m tests.chaos $(CHAOS)

audit: $(INSTALLED) ## known weaknesses of what is installed in production (needs the network)
	@test -x $(VENV)/audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)/audit \
		&& $(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit==2.9.*"; }
	@$(VENV)/audit/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

lock: ## renew the lock files (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-dev.lock

clean: ## remove what was installed and built
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist site
