# Development entry points; `make help` lists them. Everything but generate, lint of C and test-all
# needs only Go: tools come from internal/tools/go.mod, generated code is committed.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

DIST   := distributions/otelcol-sysflow
TOOL   := go tool -modfile=internal/tools/go.mod
CONFIG ?= $(DIST)/config.yaml
REPLAY ?= $(DIST)/config-replay.yaml

# Static binaries, and one set of cached packages for building and testing.
export CGO_ENABLED ?= 0

CLANG_FORMAT ?= clang-format-19

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS  := -s -w
# -trimpath for what leaves the machine; without it, tests and binaries share their compiled packages.
GOBUILDFLAGS ?=
# A count, not a time: at the end of a time go test 1.26 may fail for no reason (go.dev/issue/75804).
FUZZTIME ?= 20000x
BENCH    ?= .
# Kernels to test on: names of tests/kernel/kernels.txt, separated by commas.
KERNELS ?= all
comma   := ,
export SYSFLOW_KERNELS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/otelcol-sysflow/kernels
C_FILES   = $(shell git ls-files 'bpf/*.c' 'bpf/*.h' 'tests/*.c' 'tests/*.h')

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use

.PHONY: run
run: build ## Watch this host: a line per event here, traces in ./data
	@mkdir -p data
	@if bin/sysflow doctor >/dev/null 2>&1; then config=$(CONFIG); else config=$(REPLAY); \
	  echo "make run: live capture is not possible here ('bin/sysflow doctor' says why), so this replays the bundled trace."; fi; \
	exec bin/otelcol-sysflow --config "$$config"

.PHONY: build
build: bin/otelcol-sysflow bin/sysflow ## Build bin/otelcol-sysflow and bin/sysflow

# Phony on purpose: go build itself knows best what is up to date.
.PHONY: bin/otelcol-sysflow bin/sysflow
bin/otelcol-sysflow:
	go -C $(DIST) build $(GOBUILDFLAGS) -ldflags '$(LDFLAGS)' -o ../../$@ .
bin/sysflow:
	go build $(GOBUILDFLAGS) -ldflags '$(LDFLAGS) -X main.builtAs=$(VERSION)' -o $@ ./cmd/sysflow

.PHONY: clean
clean: ## Remove bin and data
	rm -rf bin data

##@ Check

.PHONY: test
test: ## Run the tests that need neither root nor Docker
	go test ./...

.PHONY: test-all
test-all: build ## Run every test: BPF in the kernel and end to end (root)
	@test "$$(id -u)" = 0 || { echo "make test-all: root is needed to load BPF programs; 'make test' needs none" >&2; exit 1; }
	SYSFLOW_TEST_PRIVILEGED=1 SYSFLOW_BIN="$(CURDIR)/bin" go test -count=1 -timeout 20m ./...

.PHONY: kernels
kernels: ## Download the Debian kernels that the capture is tested on
	tests/kernel/fetch "$(SYSFLOW_KERNELS)" $(filter-out all,$(subst $(comma), ,$(KERNELS)))

.PHONY: test-kernel
test-kernel: kernels ## Run the capture on other kernels and on arm64, in qemu; KERNELS=6.1-amd64 for one
	SYSFLOW_TEST_KERNELS=$(KERNELS) go test -count=1 -timeout 60m -run 'TestScenario' ./tests/kernel

.PHONY: bench-kernel
bench-kernel: kernels ## Count what the capture adds to system calls; UPDATE=1 writes docs/kernel-cost.md
	SYSFLOW_TEST_KERNELS=$(KERNELS) go test -count=1 -timeout 60m -v -run 'TestCost$$' ./tests/kernel $(if $(UPDATE),-update)

.PHONY: test-race
test-race: ## Run the tests under the race detector (a C compiler)
	CGO_ENABLED=1 go test -race ./...

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME
	@grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
	  sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file" | while read -r target; do \
	    echo "fuzz $$(dirname "$$file") $$target"; \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x "$$(dirname "$$file")"; \
	  done; \
	done

.PHONY: bench
bench: build ## Run the benchmarks whose name matches BENCH; as root those of live capture too
	@if [ "$$(id -u)" = 0 ]; then export SYSFLOW_TEST_PRIVILEGED=1; fi; \
	SYSFLOW_BIN="$(CURDIR)/bin" go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 60m ./...

.PHONY: lint
lint: ## Vet and lint Go, check the format of C
	$(TOOL) golangci-lint config verify
	$(TOOL) golangci-lint run ./...
	@if command -v $(CLANG_FORMAT) >/dev/null; then \
	  test -z "$(C_FILES)" || $(CLANG_FORMAT) --dry-run -Werror $(C_FILES); \
	elif [ -n "$${CI:-}" ]; then echo "make lint: $(CLANG_FORMAT) is missing" >&2; exit 1; \
	else echo "make lint: $(CLANG_FORMAT) is not installed, the format of C stays unchecked"; fi

.PHONY: check-cross
check-cross: ## Compile for the systems that this one is not
	GOOS=linux GOARCH=arm64 go build ./...
	GOOS=darwin GOARCH=arm64 go build ./...

.PHONY: check-config
check-config: bin/otelcol-sysflow ## Validate the shipped configurations
	@for config in $(DIST)/config*.yaml; do \
	  echo "validate $$config"; bin/otelcol-sysflow validate --config "$$config"; \
	done

.PHONY: fmt
fmt: ## Format Go and C
	$(TOOL) golangci-lint fmt ./...
	test -z "$(C_FILES)" || $(CLANG_FORMAT) -i $(C_FILES)

##@ Generate

.PHONY: generate
generate: generate-code generate-dist ## Regenerate everything generated (clang-19, llvm-19)

.PHONY: generate-code
generate-code: ## Regenerate BPF bindings and component metadata
	go generate ./...

.PHONY: generate-dist
generate-dist: ## Regenerate the distribution from builder-config.yaml
	$(TOOL) builder --config builder-config.yaml --skip-compilation

.PHONY: check-generated
check-generated: generate ## Fail if committed generated code is not current
	git diff --exit-code
	@left="$$(git ls-files --others --exclude-standard)"; \
	test -z "$$left" || { echo "make check-generated: generated but not committed:"; echo "$$left"; exit 1; } >&2

.PHONY: check-tidy
check-tidy: ## Fail if go.mod or go.sum is not tidy
	go mod tidy -diff
	go -C internal/tools mod tidy -diff

.PHONY: tidy
tidy: ## Tidy the project's modules
	go mod tidy
	go -C internal/tools mod tidy
