# Two commands do everything: `make demo` and `make test`. Both set up .venv by themselves and are quick when run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test test-vllm lint format check wheel clean

demo: $(VENV)/.demo  ## Install, then write a lesson with the embedded model
	$(BIN)/classwright lesson fractions.add_unlike --class 8 --seed 7

test: $(VENV)/.dev  ## Install, then run all tests, those with the embedded model included
	CLASSWRIGHT_THREADS=1 $(BIN)/pytest -n auto --dist loadfile

test-vllm: $(VENV)/.dev  ## Install vLLM's own environment, then run the tests that serve a model with it
	$(BIN)/classwright serve --install
	$(BIN)/pytest tests/vllm -m vllm

lint: $(VENV)/.dev  ## Style, types, import floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: $(VENV)/.dev  ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test  ## What must pass before a commit

wheel: $(VENV)/.dev  ## Build the wheel into dist/
	rm -rf dist build
	$(BIN)/python -m build --wheel --outdir dist .

clean:  ## Remove what the targets above made
	rm -rf $(VENV) build dist *.egg-info

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install -q -c constraints.txt -e ".[local]"
	touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install -q -c constraints.txt -e ".[local,train,dev]"
	touch $@ $(VENV)/.demo
