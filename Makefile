PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench proof typed setup tools clean

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("pgkit needs Python 3.11 or newer; set PYTHON=...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[embedded,testing]' --group dev
	touch $@

# A tree of links in which type checkers see every package under its import name.
typed:
	rm -rf build/typed
	mkdir -p build/typed
	cp -rs $(CURDIR)/pgkit build/typed/pgkit
	for layer in grammar passes backends; do cp -rs $(CURDIR)/$$layer build/typed/pgkit/$$layer; done
	find build/typed -name __pycache__ -prune -exec rm -rf {} +

tools: setup
	$(BIN)/python -m tests.toolchains.setup

lint: setup typed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd build/typed && PYTHONPATH= ../../$(BIN)/lint-imports --config ../../pyproject.toml
	$(BIN)/python -m tests.house.typed

test: tools lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# The full counts of what `make test` samples.
proof: tools
	PGKIT_PROOF=1 $(BIN)/python -m pytest -n 2 --dist loadgroup

bench: setup
	$(BIN)/python -m pytest tests/bench --benchmark-only

demo: setup
	@sh corpus/projects/shop/demo.sh

clean:
	rm -rf build .venv .mypy_cache .ruff_cache .pytest_cache
