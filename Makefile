.PHONY: check
PY := .venv/bin/python
check:
	.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && $(PY) -m pytest -q -m "not faults"
