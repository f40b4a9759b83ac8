# Every target does its own set-up: a fresh checkout needs make and rustup's stable Rust, nothing else.
.DEFAULT_GOAL := help
.PHONY: help setup run build test bench deb deny mutants fmt clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## install what is missing, after saying what and why
	@tools/setup.sh

run: setup ## build all, start the host on the demo configuration
	@tools/run.sh

build: setup ## target/release/stint and target/plugins/*.wasm
	@tools/build.sh

test: ## format, lints and every test: what CI runs
	@tools/setup.sh tests
	@tools/test.sh

bench: ## the bars, each measured against its control; ONLY=text takes those whose name has the text
	@tools/setup.sh tests
	@cargo bench --locked --quiet --workspace --bench bars -- $(ONLY)

deb: build ## target/debian/*.deb: program, manual, completions, plugins
	@tools/deb.sh

deny: setup ## licences, banned crates and sources of every dependency
	@tools/deny.sh

mutants: setup ## does a test notice when a rule of the domain is broken? (hours)
	@tools/cargo-tool cargo-mutants 27.1.0 mutants --package stint-domain

fmt: setup ## format all Rust code
	@tools/each-workspace cargo fmt --all

clean: setup ## remove what was built; recorded time stays
	@tools/each-workspace cargo clean
