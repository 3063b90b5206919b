# `make run` and `make test` need only python3 (3.11 or newer) with venv: they set themselves up in .venv.
# Another interpreter: make run PYTHON=python3.12

BIN = .venv/bin
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml
export PYTHON

.PHONY: help run test soak check bench lock clean ready ready-dev

help:  ## this list
	@echo "make ..."
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  %-7s%s\n' "$$name" "$$what"; done

# In a terminal `set -m` makes the chat a job of its own, so that Ctrl-C stops an answer and not make.
# Elsewhere exec puts the bot in the shell's place, so that a signal to stop reaches it.
run: ready  ## start the bot: a chat in this terminal
	@if [ -t 0 ]; then set -m; $(BIN)/python -m bot run; else exec $(BIN)/python -m bot run; fi

# Three at a time: on two cores, a third of the time two would wait for processes and sockets.
# Whoever is done takes over what another has not begun: the longest tests come last.
# Where a shell forbids bytecode, each of the three would rewrite the assertions of all test files, every time.
test: ready-dev  ## every scenario, short
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -m "not soak" -n 3 --dist worksteal

soak: ready-dev  ## the long numbers: many kills, real seconds
	@$(BIN)/python -m pytest -m soak

check: ready-dev  ## format, lint, types, import rules
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-logo

bench: ready-dev  ## how fast it is on this machine
	@$(BIN)/python -m benchmarks

lock:  ## pin the dependencies again (needs uv; newer releases: make lock UPGRADE=--upgrade)
	$(LOCK) $(UPGRADE) -o requirements.lock
	$(LOCK) $(UPGRADE) --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## remove what set-up and tests made; your data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A Docker image has no use for pytest: the runtime has a lock of its own, and the second one holds its pins too.
ready:  ## set up only, for running
	@scripts/setup.sh requirements.lock

ready-dev:
	@scripts/setup.sh requirements.lock requirements-dev.lock
