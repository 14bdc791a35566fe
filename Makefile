# Everything needs only python3 (3.11 or later) and make; uv is used where it is there.
# make demo | test | check | soak | bench | clean
# make soak SOAK=20 KILLS=500: as many rounds of kills at random instants, each with a seed of its own,
#   and as many kills under runs with faults and decisions

PYTHON ?= python3
NAME ?= brackets
BIN := .venv/bin
# A stamp of its own: an environment made another way is completed, not trusted.
READY := .venv/.fordway-ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

SOAK ?= 5
KILLS ?= 200

.PHONY: demo test check soak bench clean
.DELETE_ON_ERROR:

demo: $(READY)
	@$(BIN)/fordway demo $(NAME) || case $$? in 4|5|6) ;; *) exit 1 ;; esac # left early, undone, or rows set aside

test: $(READY)
	@$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest

soak: $(READY)
	FORDWAY_TEST_SOAK=$(SOAK) FORDWAY_TEST_KILLS=$(KILLS) $(BIN)/python -m pytest -q \
		tests/faults/test_decisions_killed.py tests/faults/test_corpus_killed.py \
		tests/faults/test_kill_runner.py::test_runner_killed_at_random_instants_resumes_to_every_row_once

bench: $(READY)
	@$(BIN)/python -m bench.startup && SIZE=$(SIZE) $(BIN)/python -m bench.speed && $(BIN)/python -m bench.diagnosis

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Fordway needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Setting up .venv (about a minute the first time)"
	@if command -v uv >/dev/null 2>&1; then \
		{ [ -x $(BIN)/python ] || uv venv --quiet --python "$$(command -v $(PYTHON))" .venv; } && \
		uv pip install --quiet --python $(BIN)/python -e '.[dev]' -c constraints.txt; \
	else \
		{ [ -x $(BIN)/python ] || $(PYTHON) -m venv .venv; } && \
		$(BIN)/python -m pip install --quiet -e '.[dev]' -c constraints.txt; \
	fi 2>.venv.log || { \
		sed -E 's#[a-z+]+://[^[:space:]]*#(address)#g' .venv.log >&2; rm -f .venv.log; \
		echo "Setting up .venv failed: is there a network, and the venv module of $(PYTHON)?" >&2; exit 1; }
	@rm -f .venv.log
	@touch $@
