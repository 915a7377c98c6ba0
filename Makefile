# The commands of a developer: run, test, test-fast, bench, check, lock, messages.

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:

export HOST PORT

.PHONY: run test test-fast bench check lock messages
.DEFAULT_GOAL := run

run: .venv/runtime
	@$(BIN)/python manage.py prepare
	@# Fewer heaps save 10 MB for each worker: see deploy/systemd/blogsite.service.
	@exec env MALLOC_ARENA_MAX=2 $(BIN)/gunicorn --config deploy/gunicorn.conf.py blogsite.wsgi

.venv/runtime: requirements.txt
	@# Without this file an earlier install was interrupted: start again.
	@test -e $@ || $(PYTHON) -m venv --clear .venv
	@rm -f $@
	$(INSTALL) -r requirements.txt
	@touch $@

.venv/tests: requirements-test.txt .venv/runtime
	@rm -f $@ .venv/runtime
	$(INSTALL) -r requirements-test.txt
	@touch .venv/runtime $@

test: .venv/tests
	@$(BIN)/python -m tests.run

# For work in progress: on SQLite, without served sites, browser and slow computations.
test-fast: .venv/tests
	@$(BIN)/python -m tests.run fast

check: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$(head -c 40 /dev/urandom | base64) SITE_URL=https://essays.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/tests
	$(BIN)/python -m benchmarks.run

# The lock files hold hashes and no URLs, so any index or mirror can serve the packages.
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	--no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links pyproject.toml

lock: .venv/runtime
	$(BIN)/pip install --quiet 'pip-tools>=7.6'
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --extra test --constraint requirements.txt --output-file requirements-test.txt

# Collects the strings to translate and compiles the translations (needs gettext).
messages: .venv/tests
	$(BIN)/python manage.py makemessages --all --no-location --no-obsolete --ignore .venv --ignore var --ignore tests
	$(BIN)/python manage.py compilemessages --ignore .venv --ignore var
