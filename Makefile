# make demo   an invented market: environment, install, messy lists and logs, one database out of them
# make test   the tests               make lint   style, types, layers      make docs   the reference pages
# make bench  the measurements        make test-scale   the tests that take long
# Nothing is needed but make and Python 3.11; as root on Debian, Python is installed too.

.PHONY: demo test lint docs bench test-scale clean
.DELETE_ON_ERROR:

# Files are UTF-8 whatever the machine's language is.
export PYTHONUTF8 = 1

BIN = .venv/bin
INSTALL = -m pip install --quiet --quiet --disable-pip-version-check
MADE_BY_DEMO = demo/.made-by-make-demo

demo: .venv/installed
	@if [ -e demo ] && [ ! -e $(MADE_BY_DEMO) ]; then \
	  echo "demo/ was not made by 'make demo': move it away first." >&2; exit 2; fi
	@rm -rf demo && mkdir demo && touch $(MADE_BY_DEMO)
	@$(BIN)/tieline demo demo --whole
	@$(BIN)/tieline -w demo build
	@echo
	@echo "Open the pages with:"
	@echo "  $(BIN)/tieline -w demo serve"
	@echo "Or go on here with:"
	@echo "  $(BIN)/tieline -w demo show contacts"
	@echo "  $(BIN)/tieline -w demo explain ID        # an id from any table: why it is what it is"
	@echo "  $(BIN)/tieline -w demo next              # what to do next, with whom, how, and why"
	@echo "  $(BIN)/tieline -w demo export contacts contacts.csv"

test: .venv/installed
	@scripts/postgresql
	@scripts/chromium
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(TESTS)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/installed
	$(BIN)/python docs/generate.py

bench: .venv/installed .venv-peers/installed
	$(BIN)/python -m benchmarks.run $(BENCH)
	$(BIN)/python -m benchmarks.page

test-scale: .venv/installed
	@scripts/postgresql
	TIELINE_EVERY_DATABASE=1 $(BIN)/python -m pytest tests/scale tests/acceptance/published_failures
	$(BIN)/python -m benchmarks.run --sets --no-peers --records 1000000 --local

clean:
	rm -rf .venv .venv-peers build dist

.venv/installed: pyproject.toml constraints.txt scripts/environment
	@scripts/environment .venv
	@echo "Installing Tieline and what it needs ..."
	@$(BIN)/python $(INSTALL) --constraint constraints.txt --editable '.[dev,sail,serve]'
	@touch $@

.venv-peers/installed: benchmarks/peers-constraints.txt scripts/environment
	@scripts/environment .venv-peers
	@echo "Installing the peers we measure ourselves against ..."
	@.venv-peers/bin/python $(INSTALL) --requirement benchmarks/peers-constraints.txt
	@touch $@
