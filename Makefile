# Takeback. All that `make run` needs is Python 3.11 or newer; `make test` adds the tools and a browser.

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT PYTHON
# Each of some hundred processes of a test run would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

PY      := .venv/bin/python
PIP     := $(PY) -m pip install --quiet --disable-pip-version-check
LOCKED  := $(PIP) --require-hashes --no-deps -r
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --fork-strategy fewest --no-emit-index-url --no-header
VENDOR  := static/vendor/manifest.json

.PHONY: help run setup test lint format bench load faults contract looks oracle wheel sbom audit lock clean always
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-13s %s\n", $$1, $$2 }' Makefile

run: .venv/runtime $(VENDOR) ## serve on HOST (127.0.0.1) and PORT (8000)
	@TAKEBACK_DATA_DIR="$${TAKEBACK_DATA_DIR:-data}" exec $(PY) -m app.main

setup: .venv/dev $(VENDOR) ## install all that developing and testing need
	@.ci/browser.sh
	@.ci/servers.sh

test: setup lint ## check everything: what CI runs (ARGS="-k step" goes to pytest)
	$(PY) -m pytest -n auto --dist worksteal $(ARGS)

lint: .venv/dev ## check style and types
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

format: .venv/dev ## put the code in the project's style
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

bench: setup ## measure speed
	$(PY) -m tests.bench

load: setup ## let a class click beside attacks (ARGS="--alone large-forms" chooses), follow, and step at once
	$(PY) -m tests.load $(ARGS)
	$(PY) -m tests.load_following --students 80
	$(PY) -m tests.load_steps

faults: setup ## kill, stop, damage and fill servers, and count what is lost
	$(PY) -m tests.faults $(ARGS)

contract: .venv/dev $(VENDOR) .venv/contract/done ## ask each operation of the API 500 times, within and beyond its description
	PYTHONPATH=.venv/contract $(PY) -m tests.contract $(ARGS)

looks: setup ## measure what the pages look like, and take pictures (ARGS=--readme: the README's)
	$(PY) -m tests.looks $(ARGS)

oracle: .venv/dev ## compare with PyTorch (a large install)
	$(PIP) torch==2.13.0
	$(PY) -m pytest tests/oracle tests/views/downloads/test_programs.py

wheel: .venv/build/done ## build dist/takeback-*.whl, with nothing that has no hash
	PYTHONPATH=.venv/build $(PY) -m pip wheel --quiet --disable-pip-version-check \
	  --no-build-isolation --no-deps --wheel-dir dist .

sbom: .venv/audit/done ## list what is shipped, as CycloneDX: dist/sbom-*.json
	@mkdir -p dist
	PYTHONPATH=.venv/audit $(PY) -m cyclonedx_py requirements --pyproject pyproject.toml \
	  --output-reproducible --output-file dist/sbom-python.json requirements.txt
	$(PY) .ci/vendor.py --sbom dist/sbom-browser.json

audit: .venv/audit/done ## ask whether what is locked has known faults (needs the network)
	PYTHONPATH=.venv/audit $(PY) -m pip_audit --strict --require-hashes --disable-pip -r requirements.txt
	$(PY) .ci/vendor.py --audit

lock: .venv/python-version ## write the lock files anew (UPGRADE=--upgrade takes newer versions)
	$(PIP) uv==0.13.9
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	for name in audit build contract node; do \
	  $(COMPILE) $(UPGRADE) .ci/requirements-$$name.in -o .ci/requirements-$$name.txt || exit; done
	$(PY) .ci/vendor.py --lock

clean: ## remove all that was built, installed or cached (not data/)
	rm -rf .venv .*_cache .hypothesis build dist node_modules static/vendor test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each file below marks that its step was done; a step is done again when what it reads has changed.
.venv/python-version: always
	@.ci/venv.sh

.venv/runtime: requirements.txt .venv/python-version
	$(LOCKED) requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(LOCKED) requirements-dev.txt
	@touch $@

.venv/audit/done .venv/build/done .venv/contract/done: .venv/%/done: .ci/requirements-%.txt .venv/python-version
	@rm -rf $(@D)
	$(PIP) --require-hashes --no-deps --target $(@D) -r $<
	@touch $@

$(VENDOR): package.json package-lock.json .ci/vendor.py .venv/python-version
	$(PY) .ci/vendor.py
