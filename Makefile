# make appendix   derive, check and render the founding derivations into build/
# make test       run the tests
PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
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
	$(BIN)/python -m pytest -q

lint: $(VENV)/.linters
	$(BIN)/ruff format --check symbolic numeric templates derivations tests
	$(BIN)/ruff check symbolic numeric templates derivations tests
	$(BIN)/pyright --pythonpath $(BIN)/python

check: $(VENV)/.ready
	$(BIN)/quenched check --level full

bench: $(VENV)/.ready
	for file in tests/benchmarks/bench_*.py; do $(BIN)/python $$file; done

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 or newer is needed; set PYTHON=...'"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[html,plot,test]"
	touch $@

$(VENV)/.linters: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --editable ".[lint]"
	touch $@

clean:
	rm -rf build $(VENV)
