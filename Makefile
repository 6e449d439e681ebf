# Everything runs in .venv, set up from one hashed lock. A newcomer needs: make demo, make test.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8050
STAMP  := $(VENV)/.installed

.PHONY: help setup demo test harden lint bench lock catalogue screenshots clean

help:            ## show this list
	@grep -E '^[a-z]+: .*##|^[a-z]+:  +##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Hotspotkaart needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Try: make PYTHON=python3.11 setup')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m geo.warm
	$(BIN)/python -m data.warm
	@touch $@

setup: $(STAMP)  ## set up .venv from the lock

demo: setup      ## serve the demo city on 127.0.0.1:8050 (PORT= to change)
	$(BIN)/hotspotkaart demo --port $(PORT)

test: setup      ## all tests, a process per core
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

harden: setup    ## the attack tests with their figures, and bandit
	$(BIN)/python -m pytest -m harden -rP
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive geo data layers dashboard

lint: setup      ## ruff, mypy strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup     ## the benchmark table, as ratios against peers in the same run
	$(BIN)/python -m tests.benchmarks.run

catalogue: setup ## gather new sentences into locale/en and compile it
	$(BIN)/python -m tests.catalogue

screenshots: setup  ## write docs/images from the running demo (needs chromium)
	$(BIN)/python -m tests.browser.screenshots

lock:            ## remake requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file requirements.lock

clean:           ## remove .venv and caches
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
