# make demo: build and draw a graph from examples/.   make test: run the tests.   Both install what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test check lint types install clean

demo: $(VENV)/.installed
	@mkdir -p demo
	$(BIN)/kgraph build examples/news -o demo/news.kg
	$(BIN)/kgraph export demo/news.kg -o demo/news.ttl
	$(BIN)/kgraph show demo/news.kg -o demo/news.html --no-open
	$(BIN)/kgraph info demo/news.kg

test: $(VENV)/.tests
	$(BIN)/pytest

check: lint types

lint: $(VENV)/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tests
	$(BIN)/mypy

install: $(VENV)/.installed

# requirements.lock holds the exact versions, with hashes, of what pyproject.toml asks for; `make lock` writes it anew.
$(VENV)/.installed: pyproject.toml requirements.lock web/package-lock.json
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.installed requirements-test.lock
	$(PIP) install --require-hashes --requirement requirements-test.lock
	@touch $@

# The figures of README and docs, from the example articles; they need Chromium.
.PHONY: figures
figures: $(VENV)/.tests
	$(BIN)/python docs/figures.py

# What README and docs show of commands, run anew on the example articles.
.PHONY: outputs
outputs: $(VENV)/.tests
	$(BIN)/python docs/outputs.py

.PHONY: lock
lock: $(VENV)/.installed
	$(PIP) install pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --no-header --allow-unsafe --all-build-deps --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --no-header --allow-unsafe --all-build-deps --all-extras --constraint requirements.lock --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) demo dist build .mypy_cache .pytest_cache .ruff_cache
