# Two commands do everything: `make demo` shows the program, `make test` tests it.
# Both make the environment in .venv first, from requirements.lock (pinned, with hashes).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

.PHONY: help
help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: demo
demo: $(VENV)/ready  ## run the main job on recorded answers: no key, no network
	@$(BIN)/harvester demo

.PHONY: test
test: $(VENV)/ready  ## lint, types, import contracts, every test on SQLite and PostgreSQL
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

.PHONY: docs
docs: $(VENV)/ready  ## write the generated pages in docs/ anew
	$(BIN)/python -m tests.documents

.PHONY: words
words: $(VENV)/ready  ## bring harvester/locale/de.po up to date with the pages' texts
	$(BIN)/python -m tests.words_extract --write

.PHONY: screenshots
screenshots: $(VENV)/ready  ## take the README's pictures of the pages anew (needs Chromium)
	$(BIN)/python -m tests.screenshots

.PHONY: cassettes
cassettes: $(VENV)/ready  ## record every cassette again from the stand-in
	$(BIN)/python -m tests.standin.record

.PHONY: bench
bench: $(VENV)/bench-ready  ## measure store, harvest, linkage and its rivals; writes docs/benchmarks.md
	$(BIN)/python -m tests.bench

$(VENV)/bench-ready: $(VENV)/ready requirements-bench.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

.PHONY: soak
soak: $(VENV)/ready  ## kill harvests at random moments; harvest random worlds in random trouble
	$(BIN)/python -m tests.soak_kill
	$(BIN)/python -m tests.soak_random 200

.PHONY: lock
lock:  ## pin the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --extra postgres --extra train --extra web --extra xlsx --group dev pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --group bench -c requirements.lock -o requirements-bench.lock

.PHONY: wheel
wheel: $(VENV)/ready  ## build dist/*.whl
	$(BIN)/python -m build --wheel --no-isolation

.PHONY: clean
clean:  ## remove what the other commands made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis zwk-demo.db*
