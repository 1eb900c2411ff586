# Two commands matter: `make site` and `make test`. Both make the environment if it is not there.

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.locked
RUN := $(VENV)/bin/python
HEDGE := .venv-hedge
HEDGED := $(HEDGE)/.locked

.PHONY: site serve check publish test lint format snapshots builders hedge bench lighthouse lock clean

site: $(STAMP)
	@$(RUN) build.py site

serve: $(STAMP)
	@$(RUN) build.py serve

check: $(STAMP)
	@$(RUN) build.py check

# Asks nothing, for CI; `python build.py publish` asks.
publish: $(STAMP)
	@$(RUN) build.py publish --yes

test: $(STAMP)
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest -n auto --dist loadfile

lint: $(STAMP)
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

format: $(STAMP)
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

# Accept the pages as they are now rendered; read the diff before committing it.
snapshots: $(STAMP)
	@UPDATE_SNAPSHOTS=1 $(RUN) -m pytest -n auto tests/report/test_snapshots.py

# What could take MkDocs' place, in an environment of its own; docs/HOSTING.md says what differs.
builders: $(HEDGED)

# The founding site by each builder, opened in a browser. `make test` does it too, with all else.
hedge: $(STAMP) $(HEDGED)
	@$(RUN) -m pytest tests/browser/test_builders.py

bench: $(STAMP)
	@$(RUN) -m benchmarks

# Needs Node 18 or later, npm and Chromium; the lock file holds hashes and names no registry.
lighthouse: site
	@cd benchmarks/lighthouse && npm ci --no-audit --no-fund --silent && \
	  CHROME_PATH=$${CHROME_PATH:-$$(command -v chromium || command -v chromium-browser)} \
	  node run.mjs ../../site

# Needs uv; the lock names no host, so it works with whatever index pip is set up for.
lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --group dev \
	  --no-header --quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --group hedge \
	  --constraint requirements.lock --no-header --quiet -o .ci/hedge/requirements.lock

clean:
	rm -rf $(VENV) $(HEDGE) .cache site

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Benchproof needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	         "Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "Installing the locked dependencies into $(VENV) (once)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes --only-binary=:all: -r requirements.lock
	@touch $@

$(HEDGED): .ci/hedge/requirements.lock
	@echo "Installing properdocs and zensical into $(HEDGE) (once)"
	@$(PYTHON) -m venv --clear $(HEDGE)
	@$(HEDGE)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes --only-binary=:all: -r .ci/hedge/requirements.lock
	@touch $@
