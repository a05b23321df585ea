# Every verb of the project. Bare `make` lists them.
# Needs git, make, python3 (3.11 or newer) and python3-venv; everything else is fetched, checked by hash, into .venv.

PYTHON ?= python3
UV ?= uv
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
# Faults in `make faults`: so many over Kafka, and a third of them over files.
N ?= 200
# Histories that `make simulate` plays: about a minute and a half of them.
RASID_SEEDS ?= 20000
# Tests that `make test` runs at once, each of these with a Redis and a Kafka of its own. Faults come alone: they need
# the cores for the daemons that they kill.
AT_ONCE ?= 2
# How long `make demo` lasts: empty, on a terminal until Ctrl-C.
FOR ?=
# Research data beside the checkout, where there is any: nothing of it is part of the project.
RASID_DATA ?= ../shared/data
export RASID_DATA
# Archives of articles for `make bench` (JSONL, also .gz). What needs one says so where there is none.
ARCHIVES ?= $(wildcard $(addprefix $(RASID_DATA)/,saudinewsnet.jsonl.gz ant_multisource.jsonl.gz))

.DEFAULT_GOAL := help
.PHONY: help setup demo check test simulate faults bench bench-match compare docs wheel lock services clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## everything needed into .venv; skipped while it is fresh
	@:

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Rasid needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 3; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "No virtual environment could be made: apt-get install python3-venv" >&2; exit 3; }
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## the whole of Rasid on this machine: half a minute of news, its page until Ctrl-C (FOR=20s: no longer)
	@$(VENV)/bin/rasid demo $(if $(FOR),--for $(FOR))

check: setup ## format, lint, types and the fast tests: what to run before a commit
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check --no-cache .
	$(VENV)/bin/mypy
	$(PY) -m pytest -q -m "not faults and not wheel"

test: setup services ## everything: check, real services, the wheel, kills under load
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check --no-cache .
	$(VENV)/bin/mypy
	$(PY) -m pytest -n $(AT_ONCE) --dist worksteal -m "not faults"
	$(PY) -m pytest -m faults

# Debian's Redis 7.0 is the oldest server that Rasid promises to run on, so the tests run on it too. Debian's Prometheus
# judges metrics and rules and is asked what the dashboard asks, and a real Alertmanager takes alerts. Kafka is Apache's
# own broker: its jars are fetched once by Maven, checked by their hashes, and kept in the user's cache; so are, by npm,
# the libraries with which JavaScript subscribers verify. Debian's Chromium shows the live page, with Noto's Arabic.
# systemd judges its units.
NEEDED = redis-server prometheus prometheus-alertmanager openssl openjdk-17-jre-headless maven chromium fonts-noto-core \
  systemd
SUBSCRIBERS = nodejs npm golang-go
PROGRAMS = redis-server promtool prometheus-alertmanager openssl java mvn chromium systemd-analyze

# What judges the files of deploy/ and the API: tests/deploy and tests/daemon/api run it from here.
JUDGES := .venv-deploy

$(JUDGES)/.ready: requirements/deploy.txt
	@test -x $(JUDGES)/bin/python || $(PYTHON) -m venv $(JUDGES)
	$(JUDGES)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/deploy.txt
	@touch $@

services: setup $(JUDGES)/.ready
	@for program in $(PROGRAMS); do command -v $$program > /dev/null || missing=1; done; \
	test -z "$$missing" || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(NEEDED); \
	  else \
	    echo "The tests need real services: sudo apt-get install -y $(NEEDED)" >&2; exit 3; \
	  fi; }
	@for program in node npm go; do command -v $$program > /dev/null || missing=1; done; \
	test -z "$$missing" || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SUBSCRIBERS); \
	  else \
	    echo "Subscribers in JavaScript and Go are real ones: sudo apt-get install -y $(SUBSCRIBERS)" >&2; exit 3; \
	  fi; }
	@$(PY) -m tests.kafka.fetch_jars
	@$(PY) -m tests.subscribers.fetch_packages

simulate: setup ## seeded histories of crashes and losses over the real code, RASID_SEEDS=20000 of them
	RASID_SEEDS=$(RASID_SEEDS) $(PY) -m pytest -q -k no_history tests/simulation

faults: setup services ## kills, stops, torn logs, wipes and bad networks under load, N=200 of them (4 s each)
	RASID_FAULTS=$(N) RASID_KILLS=$$(($(N) / 3)) $(PY) -m pytest -q -s -m faults tests/faults

bench: setup services ## speed, as ratios to a bare loop where there is one; an archive replayed (ARCHIVES=…)
	@for script in $(filter-out %/bench_screen.py %/bench_kafka.py %/bench_match.py,$(wildcard benchmarks/bench_*.py)); do \
	  echo "== $$script"; $(PY) $$script || exit 1; \
	done
	@echo "== benchmarks/bench_kafka.py"; $(PY) -m benchmarks.bench_kafka --latency 60
	@echo "== benchmarks/bench_screen.py"; $(PY) benchmarks/bench_screen.py $(firstword $(ARCHIVES))
	@echo "== benchmarks/replay.py"; if [ -n "$(ARCHIVES)" ]; then $(PY) benchmarks/replay.py $(ARCHIVES); \
	  else echo "skipped, there is no archive: make bench ARCHIVES='a.jsonl.gz b.jsonl.gz'"; fi

# What it compares with is used by nothing else, and has an environment of its own.
BENCH := .venv-bench

$(BENCH)/.ready: requirements/bench.txt
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

bench-match: $(BENCH)/.ready ## matching with up to 225,000 topics, beside what is commonly used (ARCHIVES=…)
	@$(BENCH)/bin/python -m benchmarks.bench_match $(ARCHIVES)

# What it compares with is no part of Rasid and stays out of its environment: a folder of its own, and Lucene's jars.
compare: setup ## how Lucene, Snowball and a word list find Arabic as it is written, beside Rasid
	@test -d .evaluation || $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  --target .evaluation -r requirements/evaluation.txt
	@$(PY) -m evaluation.lucene_tokens
	@PYTHONPATH=.evaluation $(PY) -m evaluation.compare_matchers

docs: setup ## write what is made from the code and from rules: pages of docs/, the table of surface forms
	$(PY) -m scripts.write_docs
	$(PY) -m scripts.write_surface_forms

wheel: setup ## dist/rasid-*.whl
	$(PY) -m hatchling build -t wheel

# The only verb that needs uv. No address of an index ends up in the files.
lock: ## requirements/*.txt anew from pyproject.toml
	$(UV) pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/run.txt
	$(UV) pip compile pyproject.toml --extra otel --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/otel.txt
	$(UV) pip compile pyproject.toml --group dev --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/dev.txt
	$(UV) pip compile pyproject.toml --group bench --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/bench.txt
	$(UV) pip compile --group deploy --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/deploy.txt
	echo snowballstemmer | $(UV) pip compile - --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/evaluation.txt

clean: ## remove what was built
	rm -rf $(VENV) $(BENCH) $(JUDGES) .evaluation build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
