# make appendix   derive, check and render the founding derivations into build/
# make test       run the tests
# The first interpreter that runs and is new enough.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c "import sys; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
# The matrices of the simulations are small: more threads only get in each other's way.
export OMP_NUM_THREADS ?= 1
FOUNDING := marchenko_pastur pca_probe unbalanced

.PHONY: appendix test lint check bench clean

appendix: $(VENV)/.ready
	$(BIN)/quenched check $(FOUNDING)
	$(BIN)/quenched render $(FOUNDING) --to all --figures -o build

test: $(VENV)/.ready
	$(BIN)/python -m pytest -q -n auto

lint: $(VENV)/.linters
	$(BIN)/ruff format --check symbolic numeric templates derivations tests
	$(BIN)/ruff check symbolic numeric templates derivations tests
	$(BIN)/pyright --pythonpath $(BIN)/python

check: $(VENV)/.ready
	$(BIN)/quenched check --level full

bench: $(VENV)/.ready
	for file in tests/benchmarks/bench_*.py; do $(BIN)/python $$file; done

$(VENV)/.ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it or set PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[html,plot,test]"
	touch $@

$(VENV)/.linters: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --editable ".[lint]"
	touch $@

clean:
	rm -rf build $(VENV)
