# maitre: what there is to do, and how. `make` lists it.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Where git cannot tell (an unpacked archive, a foreign checkout) the build still works, without its stamp.
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILDVCS := $(shell git status --porcelain >/dev/null 2>&1 && echo auto || echo false)
BUILD    := -trimpath -buildvcs=$(BUILDVCS) -ldflags '-s -w -X main.version=$(VERSION)'

# The benchmarks against peers are a module of their own, so that the peers stay out of go.mod.
MODULES := . $(patsubst %/go.mod,%,$(wildcard bench/go.mod))

FUZZTIME  ?= 30s
BENCHTIME ?= 1s
BENCH     ?= .
EACH      ?= 3s
ROUNDS    ?= 25
# Not empty: bench tells whether it works, not how fast.
BRIEF     ?=
TESTFLAGS ?=
PKG       ?= ./...

.PHONY: help
help: ## list what there is to do
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build .env ## build it, write .env with fresh secrets where there is none, and start it
	@exec bin/maitre serve

.PHONY: build
build: ## build bin/maitre
	@mkdir -p bin
	CGO_ENABLED=0 go build $(BUILD) -o bin/maitre .

# Made once and never again: it has no prerequisites, and is not a phony target.
.env:
	@umask 077 && .ci/env > .env.new && mv .env.new .env
	@echo "wrote .env with fresh secrets (only you can read it; git does not see it)"

.PHONY: deps
deps: ## install what the tests need besides Go, where it is missing
	@.ci/deps

.PHONY: test
test: deps ## run every test, with the race detector (PKG=./booking/... for some; TESTFLAGS=-v)
	go test -race -shuffle=on -count=1 -parallel 8 $(TESTFLAGS) $(PKG)
	@for module in $(filter-out .,$(MODULES)); do echo "build $$module"; (cd $$module && go vet ./...); done

.PHONY: soak
soak: ## run the random worlds: ROUNDS (25) power cuts in each mode (MAITRE_SOAK_RACE=0: many in little time; MAITRE_SOAK_SEED=n: the same again)
	MAITRE_SOAK_ROUNDS=$(ROUNDS) go test $(if $(filter 0,$(MAITRE_SOAK_RACE)),,-race) -count=1 -timeout 90m -parallel 16 -run TestNothingIsLostWhateverFails -v ./e2e

.PHONY: lint
lint: ## gofmt, go.mod, go vet, go fix, staticcheck, errcheck, nilness, unparam
	@.ci/lint $(MODULES)

.PHONY: bench
bench: build ## measure: each package's benchmarks (BENCH=regexp BENCHTIME=5s PKG=./store), then the binary over HTTP (EACH=3s)
	go test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime=$(BENCHTIME) $(if $(BRIEF),-short) $$(.ci/with Benchmark '$(PKG)')
	cd bench && go run . -binary ../bin/maitre -each $(EACH) $(if $(BRIEF),-brief)

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (30s)
	@for package in $$(.ci/with Fuzz '$(PKG)'); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package; \
		done; \
	done

.PHONY: cover
cover: ## which lines no test reaches (coverage.html)
	go test -coverpkg=./... -coverprofile=coverage.out $(PKG)
	@go tool cover -html=coverage.out -o coverage.html
	@go tool cover -func=coverage.out | tail -n 1

.PHONY: clean
clean: ## remove what was built (never .env, never data/)
	rm -rf bin coverage.out coverage.html .env.new
