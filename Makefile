# Every target sets up what it needs in .venv; there is nothing to install by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder
DEVELOPMENT := $(VENV)/dev $(if $(shell command -v npm),web/node_modules/installed)

.PHONY: help serve test cluster coverage floor clients az style types bench format portal portal-check requirements clean

help: ## Show this list.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

serve: $(VENV)/runtime ## Start the server on http://127.0.0.1:8080; ARGS="--port 9000" passes options.
	$(BIN)/antiphon serve $(ARGS)

test: $(DEVELOPMENT) ## Run the tests, with real models where they are the point; ARGS="-m 'not models'" leaves those out.
	$(PYTEST) $(ARGS)

cluster: $(DEVELOPMENT) ## Run the tests that start nodes of a Ray cluster, which want a quiet machine.
	$(BIN)/python -m pytest -m cluster

coverage: $(DEVELOPMENT) ## Run the tests without models, and list the lines and branches that they leave out; takes thrice as long.
	$(PYTEST) -m "not models" --cov --cov-report=term-missing:skip-covered

floor: $(VENV)/dev ## Check that the Realtime protocol's own tests leave out no more lines and branches than they did.
	$(BIN)/python -m pytest --quiet tests/realtime tests/parameters -m "not models" --cov --cov-report=
	$(BIN)/python -m coverage report --show-missing --skip-covered --fail-under $(FLOOR) \
		--include "*/antiphon/realtime/*,*/antiphon/parameters/*"
FLOOR := 99.0

clients: $(VENV)/clients/installed ## Install other people's Realtime clients (0.8 GB) for the tests that converse through them.

az: $(VENV)/az/installed ## Install the Azure CLI (0.7 GB) for the test that manages the server with it.

style: $(VENV)/dev ## Check style and formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev ## Check types.
	$(BIN)/pyright

bench: $(VENV)/dev ## Measure speed, memory and word error rates; prints a table and writes bench/results/latest.json.
	$(BIN)/python -m bench $(ARGS)

format: $(VENV)/dev ## Format the code.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

portal: web/node_modules/installed ## Build the portal's pages from web/ into src/antiphon/portal.
	rm -rf src/antiphon/portal/assets
	npm --prefix web run build --silent

portal-check: web/node_modules/installed ## Check the portal's types, style and tests, and that the built pages are those of its source.
	npm --prefix web run check --silent
	npm --prefix web test --silent
	$(MAKE) portal
	@test -z "$$(git status --porcelain src/antiphon/portal)" || \
		{ echo "src/antiphon/portal is not what web/ builds: commit what \`make portal\` made" >&2; exit 1; }

requirements: $(VENV)/dev ## Pin the dependencies anew, after a change to pyproject.toml.
	$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml --group build $(COMPILE) --output-file requirements/runtime.txt
	$(BIN)/uv pip compile pyproject.toml --group build --extra postgresql --extra ray --extra telemetry $(COMPILE) --constraint requirements/runtime.txt --output-file requirements/deploy.txt
	$(BIN)/uv pip compile pyproject.toml --group dev $(COMPILE) --constraint requirements/runtime.txt --output-file requirements/dev.txt
	$(BIN)/uv pip compile --group pyproject.toml:clients $(COMPILE) --output-file requirements/clients.txt
	$(BIN)/uv pip compile --group pyproject.toml:az $(COMPILE) --output-file requirements/az.txt
COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links

clean: ## Remove what the targets made.
	rm -rf $(VENV) web/node_modules .pytest_cache .ruff_cache .hypothesis .coverage bench/results

$(VENV)/runtime: requirements/runtime.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	@echo "Installing what Antiphon needs ..." >&2
	$(PIP) --require-hashes -r requirements/runtime.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

web/node_modules/installed: web/package-lock.json web/.npmrc
	@echo "Installing what the portal is built with ..." >&2
	npm --prefix web ci --silent --no-audit --no-fund
	@touch $@

# An environment of their own: they want other versions than the server has.
$(VENV)/clients/installed: requirements/clients.txt
	$(PYTHON) -m venv $(VENV)/clients
	@echo "Installing the clients ..." >&2
	$(VENV)/clients/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/az/installed: requirements/az.txt
	$(PYTHON) -m venv $(VENV)/az
	@echo "Installing the Azure CLI ..." >&2
	$(VENV)/az/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
