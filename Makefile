# `make` alone lists what there is. Everything lives inside the checkout: .venv and .crisis-bus.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
LOCAL := .crisis-bus
TOOLS := $(LOCAL)/tools
MUTANTS := $(LOCAL)/mutants
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
UV_VERSION := 0.13.9
NPM_PACKAGES := $(shell git ls-files '*package-lock.json' 2>/dev/null)
PYTEST_ARGS ?=
# The tests of the core, and what they must reach in full, each branch both ways.
CORE := tests/rules tests/desk tests/scenarios
COVERED := --cov=crisis_bus.rules --cov=crisis_bus.desk --cov=crisis_bus.office --cov-branch \
	--cov-report=term-missing:skip-covered --cov-fail-under=100
export PATH := $(CURDIR)/$(TOOLS)/usr/bin:$(CURDIR)/$(TOOLS)/usr/sbin:$(PATH)
export PIP_ROOT_USER_ACTION := ignore
export PIP_CACHE_DIR := $(CURDIR)/$(LOCAL)/cache/pip
export npm_config_cache := $(CURDIR)/$(LOCAL)/cache/npm

# $(call need,program,what for): one sentence if a program is missing.
need = command -v $(1) >/dev/null || { echo "$(1) is missing: $(2)" >&2; exit 1; }
need_java = $(call need,java,install a Java runtime 17 or newer (Debian: openjdk-17-jre-headless); Apache Kafka runs on it.)
need_maven = $(call need,mvn,install Apache Maven (Debian: maven); it fetches Apache Kafka.)
need_npm = $(call need,npm,install Node.js with npm (Debian: npm); the AsyncAPI document is checked with it.)

.PHONY: help setup check format generate messages test demo run bench mutants lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(BIN)/.runtime  ## create .venv with the command crisis-bus in it

check: $(BIN)/.dev  ## format, lint, types, import rule, dead dependencies
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m pytest --quiet tests/architecture

format: $(BIN)/.dev  ## let ruff write the format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

generate: $(BIN)/.dev  ## write what is generated: topics/, docs/rules.md, docs/channels.md, the dashboard
	$(BIN)/python -m crisis_bus.wire.generate topics/
	$(BIN)/python -m crisis_bus.rulebook docs/rules.md
	$(BIN)/python -m crisis_bus.channels docs/channels.md
	$(BIN)/python -m crisis_bus.telemetry deploy

messages: $(BIN)/.dev  ## bring the message catalogue up to date with the code; people then translate what is new
	$(BIN)/pybabel --quiet extract --no-default-keywords --keywords "said counted:2,3 word:1c,2" --add-location file \
	  --omit-header --output-file $(CATALOGUE).pot crisis_bus
	$(BIN)/pybabel --quiet update --domain crisis_bus --locale ar --no-fuzzy-matching --ignore-pot-creation-date \
	  --input-file $(CATALOGUE).pot --output-file $(CATALOGUE:crisis_bus=ar/LC_MESSAGES/crisis_bus.po)
CATALOGUE := crisis_bus/text/locale/crisis_bus

test: $(BIN)/.dev $(TOOLS)/.promtool $(TOOLS)/.mosquitto $(TOOLS)/.pango $(NPM_PACKAGES:%/package-lock.json=%/node_modules/.done)  ## all tests; PYTEST_ARGS is passed on
	@$(need_java)
	@$(need_maven)
	$(if $(PYTEST_ARGS),,$(BIN)/python -m pytest $(CORE) $(COVERED))
	$(BIN)/python -m pytest $(or $(PYTEST_ARGS),$(CORE:%=--ignore=%))

demo: $(BIN)/.runtime  ## play the flood through a live system; ONCE=1 ends by itself
	@$(need_java)
	@$(need_maven)
	@$(BIN)/crisis-bus up --play S01 $(if $(filter-out 0,$(ONCE)),--once)

run: $(BIN)/.runtime  ## start everything on this machine
	@$(need_java)
	@$(need_maven)
	@$(BIN)/crisis-bus up

bench: $(BIN)/.dev  ## how fast this machine is
	@$(need_java)
	@$(need_maven)
	$(BIN)/python -m tests.bench

mutants: $(MUTANTS)/.done  ## change the rules in small ways and see that a test notices; about an hour; MODULES=keys for some
	nice $(MUTANTS)/bin/python -m tests.mutants $(MODULES)

lock: $(LOCAL)/uv/bin/uv  ## write the requirement files anew from pyproject.toml
	$(call compile,pyproject.toml --group build,requirements.lock)
	$(call compile,pyproject.toml --group build --group dev --constraints requirements.lock,requirements-dev.lock)
	@awk '/^[^ ]/ {keep = !/^click==/} keep' requirements-dev.lock > $(LOCAL)/but-click.txt
	$(call compile,--group mutants --constraints $(LOCAL)/but-click.txt,requirements-mutants.lock)

compile = $(LOCAL)/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--python-version 3.11 $(UPGRADE) $(1) --output-file $(2)

clean:  ## remove everything that make has made, the local Kafka's data included
	rm -rf .venv $(LOCAL) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage *.egg-info
	find . -name node_modules -prune -exec rm -rf {} +
	find . -name __pycache__ -prune -exec rm -rf {} +

# What a target needs is made once and again only when what it is made from has changed.

$(BIN)/python:
	@for python in $(PYTHON) python3.11 python3 python3.12 python3.13 python3.14; do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec "$$python" -m venv .venv; \
	  fi; \
	done; \
	echo "Python 3.11 or newer with venv is missing: install it (Debian: python3 python3-venv), or name it: make PYTHON=…" >&2; exit 1

$(BIN)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing the pinned dependencies"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(BIN)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "installing the pinned dependencies and the tools of development"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $(BIN)/.runtime $@

$(MUTANTS)/.done: requirements-mutants.lock | $(BIN)/python
	@echo "installing mutmut beside what the tests of the core need"
	@$(BIN)/python -m venv --clear $(MUTANTS)
	@$(MUTANTS)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(LOCAL)/uv/bin/uv: Makefile
	@$(BIN)/python -m venv $(LOCAL)/uv
	@$(LOCAL)/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

# Programs come out of Debian's packages without installing them: no service starts, nothing outside is touched.
# $(call unpacked,program,packages)
define unpacked
	@mkdir -p $(TOOLS)
	@if ! command -v $(1) >/dev/null; then \
	  $(call need,apt-get,$(1) is wanted and this is no Debian: install it so that $(1) is on the PATH.); \
	  echo "fetching $(1)"; \
	  cd $(TOOLS); \
	  $(APT) download $(2) 2>/dev/null || { $(ROOT) $(APT) update && $(APT) download $(2); } || \
	    { echo "$(1) cannot be fetched: install Debian's package $(firstword $(2)), as root, and try again." >&2; exit 1; }; \
	  for package in *.deb; do dpkg-deb -x "$$package" . && rm "$$package"; done; \
	fi
	@touch $@
endef
APT := apt-get -qq -o APT::Sandbox::User=root
$(TOOLS)/.promtool:
	$(call unpacked,promtool,prometheus)

# The libraries stay beside it; the tests name their folder to the broker and to nothing else.
MOSQUITTO = mosquitto $$(apt-cache depends --no-suggests --no-recommends mosquitto | sed -nE '/libc6/d; s/^  Depends: (lib)/\1/p')
$(TOOLS)/.mosquitto:
	$(call unpacked,mosquitto,$(MOSQUITTO))
# WeasyPrint loads these from the system; a font for Arabic has to be there too.
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core
$(TOOLS)/.pango: $(BIN)/.dev
	@mkdir -p $(TOOLS)
	@if ! $(BIN)/python -c 'import weasyprint' >/dev/null 2>&1 || [ -z "$$(fc-list :lang=ar)" ]; then \
	  echo "installing Pango and a font for Arabic"; \
	  { $(ROOT) $(APT) update && $(ROOT) $(APT) install --yes --no-install-recommends $(PANGO); } || \
	    { echo "PDFs cannot be made here: install Debian's $(PANGO), as root, and try again." >&2; exit 1; }; \
	fi
	@touch $@

ROOT = $(if $(filter-out 0,$(shell id -u)),sudo -n)

%/node_modules/.done: %/package-lock.json
	@$(need_npm)
	@cd $* && npm ci --silent --no-audit --no-fund
	@touch $@
