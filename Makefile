# The one door. Every target first installs what it lacks; what needs more than a line is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run build watch test lint fmt e2e bench soak

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' Makefile

run: build ## Build for release and serve with demo content on http://localhost:8000, data in ./.hako
	target/release/hako serve --demo

build: ## Build for release: target/release/hako and target/site
	@scripts/build.sh --release --precompress

watch: ## Build for development, serve, and rebuild on every change
	@scripts/watch.sh

test: ## Everything CI checks: format, lints, unit, integration and browser tests, release build
	@scripts/test.sh

lint: ## Formatting, clippy for server and browser, dependency rules
	@scripts/test.sh lint

fmt: ## Format the Rust sources
	@scripts/install.sh rust && cargo fmt --all

e2e: ## Browser tests against a debug build (ARGS="files -g folder" for some of them)
	@scripts/build.sh && scripts/e2e.sh $(ARGS)

bench: ## The store against plain programs, the browser against curl (ARGS="put memory" for some of it)
	@scripts/bench.sh $(ARGS)

soak: ## Kill the program again and again and look for losses (ROUNDS=200)
	@scripts/install.sh rust && HAKO_SOAK_ROUNDS=$(or $(ROUNDS),200) cargo test -p server --test it crash -- --nocapture
