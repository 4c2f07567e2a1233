# `make run` and `make test` need this folder, make and Python 3.11 or newer; everything else they set up themselves.

PYTHON ?= python3
PORT ?= 8000
# Demo log-ins are public, so only this machine is let in; BIND=0.0.0.0 lets others in.
BIND ?= 127.0.0.1
# Passed on to pytest: make test ARGS="-k admission"
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

# Stamps: a target is made again only when what it comes from is newer.
RUNTIME := $(VENV)/requirements.stamp
DEV := $(VENV)/requirements-dev.stamp
STATIC := .run/static/staticfiles.json
TEMPLATES = $(shell find templates -name '*.html')

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check format bench clean free-port secret database

help:  ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: free-port $(RUNTIME) secret database $(STATIC)  ## start the site, with a demo programme if there is none yet (PORT=8000)
	@echo
	@echo "  The festival's site   http://localhost:$(PORT)/"
	@echo "  The programmers' desk http://localhost:$(PORT)/admin/"
	@echo "  The box office board  http://localhost:$(PORT)/box-office/"
	@echo "  Demo log-ins          programmer, box-office or trainee; password northlight"
	@echo "  Ctrl-C stops it; what you enter is kept."
	@echo
	@exec $(VENV)/bin/gunicorn festival.wsgi --no-control-socket --workers 2 --threads 4 --bind $(BIND):$(PORT)

test: check  ## lint, then every test on SQLite, on PostgreSQL and in a browser where the machine has them
	@$(PY) -m tests.run $(ARGS)

check: $(DEV)  ## lint only
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --quiet --check . || { $(VENV)/bin/ruff format --check .; exit 1; }
	@$(if $(TEMPLATES),$(VENV)/bin/djade --target-version 5.2 --check $(TEMPLATES))

format: $(DEV)  ## put Python and templates into the house style
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .
	@$(if $(TEMPLATES),$(VENV)/bin/djade --target-version 5.2 $(TEMPLATES) || true)

bench: $(DEV)  ## run the measurements in tests/bench
	@set -e; for script in $$(find tests/bench -name '[!_]*.py' 2>/dev/null | sort); do \
		echo "$$script"; PYTHONPATH=. $(PY) $$script; done

clean:  ## remove what make made, but no data: .env, the database and media stay
	rm -rf $(VENV) .run .screenshots .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, and $(PYTHON) is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUNTIME): requirements.txt | $(PY)
	@echo "Installing what the site needs ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing what the site and its tests need ..."
	@$(PIP) -r requirements-dev.txt
	@touch $(RUNTIME) $@

free-port:
	@$(PYTHON) -c 'import socket; socket.create_server(("$(BIND)", $(PORT)))' 2>/dev/null || { \
		echo "Port $(PORT) cannot be had, most likely because something else listens on it. Choose another: make run PORT=8001"; \
		exit 1; }

secret:
	@if [ ! -e .env ] && [ -z "$$SECRET_KEY" ]; then \
		umask 077; $(PY) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' > .env; \
		echo "Wrote .env with a new SECRET_KEY (.env.example tells what else can stand there)."; fi

database:
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) load_demo --if-empty

$(STATIC): requirements.txt festival/settings.py festival/storage.py $(shell find static -type d -o -type f) | $(RUNTIME)
	@echo "Collecting and compressing static files ..."
	@$(MANAGE) collectstatic --noinput --verbosity 0
