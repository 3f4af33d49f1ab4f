.DEFAULT_GOAL := help
PYTHON ?= python3
BIN    := .venv/bin
CODE   := main.py bot handlers storage config cases tests bench
HOURS  ?= 0.05
RUNS   ?= 128
CALLBACKS ?= 100000
EXAMPLES ?= 40
SEED   ?= 2026
CASES  ?= 20000
DAYS   ?= 365

.venv/ready: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新 (make PYTHON=python3.12 …)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

##@ See it work
demo: .venv/ready ## Play with it on this machine: no WeCom account, no network
	$(BIN)/python main.py demo

story: .venv/ready ## Print one case from forwarded link to closing, and check every message
	$(BIN)/python main.py story

##@ Change it
test: .venv/ready ## Run the tests with coverage; T=tests/cases for a part of them, without
ifdef T
	$(BIN)/python -m pytest $(T)
else
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/house_rules -m "not again" --cov --cov-report= --cov-config=pyproject.toml
	$(BIN)/coverage report
	$(BIN)/coverage report --include='cases/*' --fail-under=100
endif

again: .venv/ready ## Walk the journeys a second time, on PostgreSQL
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m again tests/journeys

format: .venv/ready ## Rewrite the code into house style
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

check: .venv/ready ## Format, lint, arrows, types, dependencies, house rules (no tests)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/deptry .
	$(BIN)/python -m pytest -q tests/house_rules

##@ Prove it
proof: .venv/ready ## Kill it at every failpoint, restart, judge from the sandbox log; HOURS=1 for long
	$(BIN)/python -m bench.faults.crash --hours $(HOURS) --least $(RUNS) $(if $(REPORT),--report)

faults: .venv/ready ## Every other fault: strace, stopped and killed replicas, PostgreSQL, disk, platform, clock (an hour)
	missed=0; for proof in "faults all" "faults.outage --minutes 10" "faults.herd" "model --both"; do \
	  $(BIN)/python -m bench.$$proof --report || missed=1; done; \
	  $(BIN)/python -m bench.faults.promises && exit $$missed

scale: .venv/ready ## Replicas through pgbouncer, failover to a standby, a version replaced under traffic (10 min)
	$(BIN)/python -m bench.scale --report
	$(BIN)/python -m bench.rolling --report

fuzz: .venv/ready ## Fire hostile callbacks at the doors, judge what came of them; CALLBACKS=, SEED=
	$(BIN)/python -m bench.fuzz --callbacks $(CALLBACKS) --seed $(SEED)

api-fuzz: .venv/ready ## Ask every page and interface as five people what schemathesis thinks of; EXAMPLES=, SEED=
	$(BIN)/python -m bench.api_fuzz --examples $(EXAMPLES) --seed $(SEED)

year: .venv/ready ## Play a year of 20 000 cases through the engine, judged by an oracle; CASES=, DAYS=, POSTGRES=1
	$(BIN)/python -m bench.year --cases $(CASES) --days $(DAYS) --seed 2026 $(if $(POSTGRES),--postgres)

papers: .venv/ready ## Print one case and one month in every format; pictures of all pages in var/papers-sample
	$(BIN)/python -m bench.papers

bench: .venv/ready ## Measure speed beside its baselines (B1-B14, a quarter of an hour; wants an idle machine)
	$(BIN)/python -m bench.speed

pages: .venv/ready ## Measure every page beside 100 000 closed cases, in Chromium too (two minutes; wants an idle machine)
	$(BIN)/python -m bench.board --write

pictures: .venv/ready ## Take the pictures of the pages in docs/images anew; ALL=FOLDER takes every page at three widths
	$(BIN)/python -m bench.pictures $(if $(ALL),--all $(ALL))

##@ Install it
install: ## Install for use on this machine, without the tools for development: .venv only
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新 (make PYTHON=python3.12 …)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@echo "下一步: $(BIN)/python main.py init --config /var/lib/duban/duban.toml (docs/installing.md)"

bundle: .venv/ready ## Make the offline bundle in dist/: both architectures, Python 3.11 to 3.13, checksums, one script
	PYTHON=$(BIN)/python bash config/deploy/bundle.sh

.PHONY: rehearsal
rehearsal: .venv/ready ## Install in a bare Debian root without a network, upgrade, roll back, restore; timed (as root)
	$(BIN)/python -m bench.rehearsal --report docs/evidence/rehearsal.md

runbooks: .venv/ready ## Rehearse a lost Secret, a lost Token and key, a full disk with the real program (as root)
	$(BIN)/python -m bench.runbooks --report docs/evidence/runbooks.md

first-hour: .venv/ready ## Play init against the sandbox, from nothing to the first answered case; transcript
	$(BIN)/python -m bench.first_hour --report docs/evidence/first-hour.md
##@ Look after it
release: .venv/ready ## Check, list the parts, bundle and tag: VERSION=1.2.3; DRY_RUN=1 to see whether it could
	bash .ci/release "$(VERSION)"

site: .venv/ready ## Build docs/ as a site that needs no network, into dist/site
	$(BIN)/python -m bench.reference
	$(BIN)/python -m mkdocs build --strict --quiet --config-file config/deploy/site.yml

lock: .venv/ready ## Resolve both requirement files again
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra postgres --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-strip-extras --custom-compile-command "make lock" --quiet --output-file requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra postgres --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-strip-extras --custom-compile-command "make lock" --quiet --constraint requirements.txt --output-file requirements-dev.txt
	! grep -nE '://|--(index|extra-index|find-links|trusted)' requirements.txt requirements-dev.txt

help: ## Show this
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*##/ {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: pages pictures site release first-hour demo story install bundle test again format check proof faults scale fuzz api-fuzz year papers bench lock help
