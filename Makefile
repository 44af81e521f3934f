# make run: set up, read and tag the bundled corpus, build the marts.   make test: lint, types, all tests.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test dev dashboard lint types format docs score validate bench env clean

# uv: the user's own where it works (a pyenv shim may be there and refuse), else one of our own in .tools.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/bin/uv)
RUN := $(UV) run --frozen --no-sync

help: ## What there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */\1\t/' | expand -t 12

run: env ## Set up and run the main job on the bundled corpus
	@$(RUN) faultline run examples
	@echo "To use the commands above, first: . .venv/bin/activate"

# In the order of the folders: the long ones first, so that no process waits for the other at the end.
test: env lint types ## Lint, type check and all tests
	$(RUN) pytest -q -n auto --dist loadfile --no-loadscope-reorder

dev: env ## Dagster's web page
	$(RUN) faultline dev

dashboard: env ## Look at what was published: http://127.0.0.1:8400
	$(RUN) faultline dashboard

lint: env ## Ruff: rules and format; SQL models parse
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) dagster definitions validate --log-level warning -w workspace.yaml

types: env ## mypy, strict
	$(RUN) mypy

format: env ## Rewrite the code in the project's format
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

docs: env ## Write docs/tables.md from the schema
	$(RUN) python -m pipeline.warehouse.docs

score: env ## Score the tagger on the development sets beside the repository and write docs/accuracy.md
	$(RUN) python -m benchmarks.score

validate: env ## The indicators on real event data beside the repository, against history and scipy
	$(RUN) python -m benchmarks.validate

bench: env ## Speed and memory, written to docs/performance.md: about an hour on two quiet cores (each part alone: benchmarks/)
	$(RUN) python -m benchmarks.startup
	$(RUN) python -m benchmarks.throughput
	$(RUN) python -m benchmarks.screening
	$(RUN) python -m benchmarks.workers
	$(RUN) python -m benchmarks.whole_run
	$(RUN) python -m benchmarks.writing
	$(RUN) python -m benchmarks.growth
	$(RUN) python -m benchmarks.storage
	$(RUN) python -m benchmarks.indicator_growth 0.01 0.1 1
	$(RUN) python -m benchmarks.driver_memory
	$(RUN) python -m benchmarks.projection --write

env: .venv/.complete

.tools/bin/uv:
	@command -v python3 >/dev/null || { echo "Faultline needs a Python to start with: install Python 3.12 (python.org, your system's packages, or pyenv)." >&2; exit 1; }
	@echo "setting up uv in .tools (once)"
	@python3 -m venv .tools || { echo "python3 cannot make virtual environments: install its venv module (Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@.tools/bin/pip install --quiet uv

.venv/.complete: pyproject.toml uv.lock .python-version $(filter .tools/bin/uv,$(UV))
	@$(UV) python find 3.12 >/dev/null 2>&1 || { echo "Faultline needs Python 3.12 and none was found. Install it with \`$(UV) python install 3.12\` or \`pyenv install 3.12\`, then run make again." >&2; exit 1; }
	@echo "setting up the locked environment in .venv"
	@$(UV) sync --frozen --quiet
	@# Imported once, so that the first command finds bytecode, also where the environment tells Python to write none.
	@env -u PYTHONDONTWRITEBYTECODE $(RUN) python -c 'import pipeline.cli, pipeline.definitions'
	@touch $@

clean: ## Remove the environment, caches and the data folder
	rm -rf .venv .tools .mypy_cache .pytest_cache .ruff_cache data
