# `make demo` shows the whole service on this machine; `make test` runs every check. Both install what they need
# into .venv, by hash.

PYTHON ?= python3
BIN = .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test system lint models lock clean

demo: .venv/demo
	$(BIN)/kkn-mailer demo

test: .venv/dev system lint
	$(BIN)/pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

# The weights that reading uses, learnt anew from training/sentences and tests/corpus.
models: .venv/dev
	$(BIN)/python -m training.acts --no-check
	$(BIN)/python -m training.kinds

# Dovecot and LibreOffice are what the tests play the server and the organiser with; Chromium, tidy and libical look
# at the answers as their readers' programs do.
system:
	@if command -v dovecot >/dev/null && command -v soffice >/dev/null && command -v chromium >/dev/null && \
	  command -v tidy >/dev/null && ldconfig -p | grep -q libical.so.3; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dovecot-imapd libreoffice-calc-nogui chromium tidy libical3 >/dev/null; \
	else echo "dovecot-imapd, libreoffice-calc, chromium, tidy or libical3 is missing and needs root to install: tests that use them are skipped"; fi

.venv/bin/python:
	$(PYTHON) -m venv .venv || (apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv)

.venv/demo: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/bin/python requirements-dev.lock pyproject.toml
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@ .venv/demo

# The locks name versions and hashes, and no index.
PIN = $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --build-deps-for=editable
lock: .venv/dev
	$(PIN) --extra demo -o requirements.lock pyproject.toml
	$(PIN) --extra dev -o requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv demo preview
