# Kansatsu. `make` prints what there is.
.DEFAULT_GOAL := help
.PHONY: help setup demo cycle test test-sqlite test-postgresql test-browser test-313 lint bench docs messages clean

PORT ?= 8000
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never

help: ## Print this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready ## Set up .venv from the lock file (nothing outside this folder)

$(UV):
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/ready: pyproject.toml uv.lock $(UV)
	$(UV) sync --quiet --locked --python python3
	@touch $@

demo: setup ## Build the sample world and serve the portal on PORT (8000)
	@$(BIN)/kansatsu demo --port $(PORT)

cycle: setup ## Run the whole cycle for one service, headless
	@$(BIN)/kansatsu cycle

test: test-sqlite test-postgresql ## The tests: on SQLite, and on PostgreSQL where it is present

test-sqlite: setup
	$(BIN)/pytest -n 2 --cov --cov-report= tests
	$(BIN)/coverage report --skip-covered --show-missing --fail-under=100

# Of these only what touches a database is run; of the command line only the backup
# knows PostgreSQL from SQLite, and the pages ask the questions that are asked without them.
ON_BOTH := tests/accounts tests/assurance tests/core tests/web tests/cli/test_backup.py

test-postgresql: setup
	$(BIN)/python tests/postgresql.py $(BIN)/pytest -n 2 --ignore-glob='*/test_pages.py' $(ON_BOTH)

test-browser: setup ## The pages in Debian's chromium, where it is present
	$(BIN)/python tests/chromium.py $(BIN)/pytest -n 2 --dist worksteal tests/browser

test-313: setup ## The tests on Python 3.13, where it is present
	@if $(UV) python find 3.13 >/dev/null 2>&1; \
	then UV_PROJECT_ENVIRONMENT=.venv-3.13 $(UV) run --quiet --locked --python 3.13 pytest -q -n 2 tests; \
	else echo "SKIPPED on Python 3.13: it is not installed here."; fi

lint: setup ## Format, style, types, imports, templates
	$(BIN)/ruff format --check src tests bench tools docs_reference
	$(BIN)/ruff check src tests bench tools docs_reference
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src --lint --quiet

bench: setup ## Measure the figures that docs/speed.md names
	$(BIN)/python bench/run.py

docs: setup ## Write the generated references anew
	$(BIN)/python -m docs_reference

messages: setup ## Extract and compile the Japanese messages (needs gettext)
	cd src/kansatsu && DJANGO_SETTINGS_MODULE=kansatsu.settings ../../$(BIN)/python -m django makemessages -l ja --no-location --no-wrap --no-obsolete
	cd src/kansatsu && DJANGO_SETTINGS_MODULE=kansatsu.settings ../../$(BIN)/python -m django compilemessages

clean: ## Remove what was set up here (not your data in var/)
	rm -rf .venv .venv-3.13 .tools .mypy_cache .ruff_cache .pytest_cache .coverage
