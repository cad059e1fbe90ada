# Two commands on a fresh machine (Python 3.11+, make): `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# How long `make soak` disturbs the releases.
MINUTES ?= 60

.PHONY: demo test audit proof mutants fuzz lint docs check ui bench bench-cluster bench-large soak pictures dictionary lock clean

demo: $(VENV)/installed
	$(BIN)/hotline demo

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest

# What takes too long for every change, at most an hour: the tests marked so, disturbed releases,
# damaged files, mutants.
proof: $(VENV)/installed-proof
	$(BIN)/python -m pytest -m proof
	$(BIN)/python -m tests.lasting.soak --minutes 10
	$(BIN)/python -m tests.fuzz.run 5000 --start $(START)
	$(BIN)/python -m tests.mutants --sample 20

# What the tests of a room would not notice: make mutants ROOM=facts SAMPLE=100
SAMPLE ?= 40
mutants: $(VENV)/installed-proof
	$(BIN)/python -m tests.mutants $(ROOM) --sample $(SAMPLE)

# As many damaged files as wanted, from a seed of choice: make fuzz N=100000 START=7000000
N ?= 20000
START ?= 1000000
fuzz: $(VENV)/installed-dev
	$(BIN)/python -m tests.fuzz.run $(N) --start $(START)

# A stamp names what was installed, so that a second call takes no time.
$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ui,postgres,sources,cluster,dev]'
	touch $@

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy schemas assets pipelines
	$(BIN)/lint-imports

# Known vulnerabilities of what constraints.txt installs; where the registry cannot be asked it says so.
audit: $(VENV)/installed-dev
	$(BIN)/python -m tests.audit

docs: $(VENV)/installed-dev
	$(BIN)/zensical build --strict

check: lint docs test

ui: $(VENV)/installed-dev
	DAGSTER_HOME="$$($(BIN)/hotline home)" $(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

bench: $(VENV)/installed-dev
	$(BIN)/python -m tests.bench.year
	$(BIN)/python -m tests.bench.night
	$(BIN)/python -m tests.bench.ingestion
	$(BIN)/python -m tests.bench.reports
	$(BIN)/python -m tests.bench.expectations
	$(BIN)/python -m tests.bench.bursts

bench-cluster: $(VENV)/installed-dev
	$(BIN)/python -m tests.bench.cluster

# Rows a year, for everything after ingestion and for what begins with exports: twenty minutes on
# two cores, twice that with ROWS="1000000 10000000 50000000 100000000".
# RESUME=1 goes on where a run was cut off.
ROWS ?= 1000000 10000000
CSV ?= 1000000 10000000
ROUNDS ?= 3
bench-large: $(VENV)/installed-bench
	$(BIN)/python -m tests.bench.large --rows $(ROWS) --csv $(CSV) --rounds $(ROUNDS) --write $(if $(RESUME),--resume)

$(VENV)/installed-bench: $(VENV)/installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $@

$(VENV)/installed-proof: $(VENV)/installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[proof]'
	touch $@

soak: $(VENV)/installed-dev
	$(BIN)/python -m tests.lasting.soak --minutes $(MINUTES)

# Every form of a report as PNG files, drawn by LibreOffice, poppler and Chromium: make pictures PERIOD=2023-05
pictures: $(VENV)/installed-dev
	$(BIN)/python -m tests.reports.pictures data/pictures $(if $(PERIOD),--period $(PERIOD))

dictionary: $(VENV)/installed
	$(BIN)/python -m schemas.dictionary > docs/data-dictionary.md

# Versions only: which registry they come from is the machine's business.
lock:
	rm -rf $(VENV)-lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check -e '.[ui,postgres,sources,cluster,bench,proof,dev]'
	$(VENV)-lock/bin/python -m pip freeze --exclude-editable > constraints.txt
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV)
