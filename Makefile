# Two commands are all a newcomer needs: make demo, make test.
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
DATABASE_TESTS := tests/domain tests/web tests/journeys tests/core tests/project/test_backup.py

# Where it is set, every process that a test or the demo starts would compile all its modules anew: 1.5 s of a core each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo setup test check fuzz bench docs lock frontend

demo: setup
	@$(PYTHON) -m lianjing.project.demo

setup:
	@bash tools/setup.sh

test: check
	$(PYTHON) tools/with_postgres.py $(PYTEST) -n 2 tests
	LIANJING_TEST_DATABASE=postgresql $(PYTHON) tools/with_postgres.py $(PYTEST) -n 2 $(DATABASE_TESTS)

check:
	@bash tools/setup.sh tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	.venv/bin/mypy $$(ls src/lianjing/domain/*/policy.py src/lianjing/domain/sites/schedule*.py src/lianjing/domain/companies/*.py)

# A million inputs by default, some twenty minutes of one core. Fewer: make fuzz RUNS=50000
fuzz:
	@bash tools/setup.sh tests
	@.venv/bin/uv pip install -q --python $(PYTHON) --require-hashes --only-binary :all: -r requirements/fuzz.txt
	$(PYTHON) -m tools.fuzz $(RUNS)

bench:
	@bash tools/setup.sh tests
	$(PYTHON) tools/with_postgres.py $(PYTHON) -m bench

docs:
	@bash tools/setup.sh tests
	$(PYTHON) -m tools.screenshots

lock:
	cd requirements && for set in uv base dev fuzz bench; do \
		../.venv/bin/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" --no-emit-index-url $$set.in -o $$set.txt; done

frontend:
	cd frontend && npm ci --ignore-scripts && node build.mjs
