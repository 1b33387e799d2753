# make run    everything on this machine: hub, bench (emulated devices), terminal; ends on Ctrl-C
# make demo   a whole visit, played by a browser; leaves its pictures and papers in demo-out/
# make test   all tests, with short seeded samples        make soak   the same with the full counts
# make check  format, vet, staticcheck, TypeScript, generated files
# make bench-vm        the drivers and the terminal on a real kernel, in QEMU, with emulated USB devices and power cuts
# make bench-vm-kiosk  the whole picture there: systemd, cage, our window, taps on the touch panel; screens in bench-vm-out/
# make readings  how each text is pronounced, anew after texts have changed; read what it changed
# make package  the terminal's Debian package, in bin/   make package-test  it is installed, upgraded and removed on a clean root
# make screens  pictures of every screen, in screens-out/
# make strokes  the characters that only the keys of strokes reach, to be printed for the hall: bin/strokes.txt
# make bench  benchmarks beside named peers               make fuzz   every parser of outside bytes, FUZZTIME each
#
# Each installs what it needs first (Debian packages, Go modules, npm), and only what is missing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL: # one apt at a time; go build and go test use all processors by themselves

APT      := provisioning/packaging/apt
FUZZTIME ?= 30s
# A package's tests together. Soak runs hours, not minutes.
TESTTIME ?= 10m
SOAKTIME ?= 12h

# webview_go asks pkg-config for WebKitGTK 4.0; ui/shell/pkgconfig answers with 4.1. Go's build cache does not see which
# of the two answered, therefore the define: it makes a build for 4.1 another build.
export PKG_CONFIG_PATH := $(CURDIR)/ui/shell/pkgconfig$(if $(PKG_CONFIG_PATH),:$(PKG_CONFIG_PATH))
export CGO_CXXFLAGS    := -O2 -g -DWEBKIT2GTK_4_1

.PHONY: screens readings run demo test soak check bench bench-vm bench-vm-kiosk fuzz build ui cascades clean \
	install-run install-demo install-test install-soak install-bench install-bench-vm install-package-test install-node

run: build
	exec bin/rehearse run

demo: install-demo build
	exec bin/rehearse demo

test: install-test build
	go test -timeout $(TESTTIME) ./...

soak: install-test install-soak install-bench install-bench-vm build
	YIMEN_SOAK=1 YIMEN_VM=1 go test -count=1 -timeout $(SOAKTIME) ./...
	YIMEN_SOAK=1 bin/rehearse vm -soak

check: install-run ui cascades
	@echo gofmt; unformatted=$$(git ls-files -z -co --exclude-standard '*.go' | xargs -0 gofmt -l); \
		[ -z "$$unformatted" ] || { echo "not gofmt'ed:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	npm --prefix ui run check
	.ci/generated

bench: install-bench build
	go test -run '^$$' -bench . -benchmem -timeout $(SOAKTIME) $$(git grep -lE '^func Benchmark' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's|^|./|')
	bin/provisioning simulate -terminals 1000 -dossiers 3 -size 200000 -faults 0.05

# Where no machine can be built they say why and are content, unless BENCH_VM_REQUIRED=1.
bench-vm: install-bench-vm build
	bin/rehearse vm

bench-vm-kiosk: install-test install-bench-vm build
	YIMEN_VM=1 YIMEN_SCREENS=$(CURDIR)/bench-vm-out go test -count=1 -v -timeout 1h -run TheWindowOnARealKernel ./provisioning/rehearse

# Every screen standing and lying, in all sizes, contrasts and languages, for people to look at.
screens: install-test build
	@mkdir -p screens-out
	YIMEN_SOAK=1 YIMEN_SCREENS=$(CURDIR)/screens-out go test -count=1 -run 'EveryScreenFitsItsPanel|WhileTheyAreUsed' ./ui

# The lists are committed: people read them.
READER := ui/voice/reading/primer

readings: $(READER)/node_modules/.installed
	node $(READER)/primer.mjs

strokes: build
	bin/ways -bin bin > bin/strokes.txt
	@head -6 bin/strokes.txt

fuzz: install-run ui cascades
	.ci/fuzz $(FUZZTIME)

# --- building: bin/ gets every package main of the repository ---

# What characters look like is learned from the fonts, once for each version of what learns it.
HANDWRITING         := bin/handwriting.index
HANDWRITING_SOURCES := $(filter-out %_test.go,$(wildcard $(addprefix ui/typing/,likeness/*.go overlay/*.go primer/*.go shape/*.go skeleton/*.go)))

$(HANDWRITING): $(HANDWRITING_SOURCES) | install-run
	@mkdir -p bin
	go run ./ui/typing/primer -o $@

# What pinyin and strokes mean is looked up in Debian's dictionaries by our own schemas.
SPELLING := bin/spelling

$(SPELLING): $(wildcard ui/typing/pinyin/schema/*) | install-run
	ui/typing/pinyin/schema/prepare $@

build: install-run ui cascades $(HANDWRITING) $(SPELLING)
	@mkdir -p bin
	go build -o bin/ $$(go list -f '{{if eq .Name "main"}}{{.ImportPath}}{{end}}' ./...)

# After what it is made of: make reads a rule's prerequisites where the rule stands.
package: install-run ui cascades $(HANDWRITING) $(SPELLING)
	provisioning/packaging/build

# On a Debian of its own, made anew and booted beside this one; needs root, and some minutes, most of them for downloads.
package-test: install-package-test package build
	provisioning/packaging/try bin/yimen_*.deb

# The page's scripts and styles are made from npm packages and built into the Go binary, so they come first.
UI_BUILT     := ui/static/dist/.built
UI_INSTALLED := ui/node_modules/.installed
UI_SOURCES   := $(shell find ui -name node_modules -prune -o -path ui/static/dist -prune -o -type f \
                  \( -name '*.ts' -o -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.json' \) -print)

ui: $(UI_BUILT)

$(UI_BUILT): $(UI_SOURCES) $(UI_INSTALLED)
	npm --prefix ui run build
	@touch $@

$(UI_INSTALLED): ui/package-lock.json | install-node
	npm --prefix ui ci
	@touch $@

# What faces are found by is data of the module that finds them, and goes into the binary (drivers/face/cascade).
FACE_CASCADES := $(addprefix drivers/face/cascade/,facefinder puploc)

cascades: $(FACE_CASCADES)

$(FACE_CASCADES) &: go.mod
	go mod download github.com/esimov/pigo
	cd "$$(go list -m -f '{{.Dir}}' github.com/esimov/pigo)/cascade" && install -m 644 $(notdir $(FACE_CASCADES)) $(CURDIR)/drivers/face/cascade/

# Tests have our printer's bytes read, and our emulated printer fed, by programs that nobody here wrote; and our envelopes
# opened by one that shares nothing with us but the format's description. And handwriting is made from strokes that come
# from elsewhere.
JUDGES           := drivers/printer/judge kiosk/envelope/judge ui/typing/penman/strokes
JUDGES_INSTALLED := $(JUDGES:%=%/node_modules/.installed)

# Faces are compared by a library that takes 250 MB.
SOAK_JUDGES := drivers/face/onnx/library

$(JUDGES_INSTALLED) $(SOAK_JUDGES:%=%/node_modules/.installed) $(READER)/node_modules/.installed: %/node_modules/.installed: %/package-lock.json | install-node
	npm --prefix $* ci --ignore-scripts
	@touch $@

# --- what the machine must have: each list holds what the command needs beyond the one before ---

install-run: install-node
	@$(APT)/install run.txt

install-demo: install-node
	@$(APT)/install run.txt demo.txt

install-test: install-node $(JUDGES_INSTALLED)
	@$(APT)/install run.txt demo.txt test.txt

install-soak: $(SOAK_JUDGES:%=%/node_modules/.installed)

install-bench: install-node
	@$(APT)/install run.txt bench.txt

# A host where they cannot be installed is one where the rehearsal says why it cannot run.
install-bench-vm: install-node
	@$(APT)/install run.txt
	@$(APT)/install bench-vm.txt || [ "$$BENCH_VM_REQUIRED" != 1 ]

install-package-test: install-node
	@$(APT)/install run.txt package-test.txt

install-node:
	@$(APT)/install-node

clean:
	rm -rf bin demo-out bench-vm-out ui/static/dist ui/node_modules $(JUDGES:%=%/node_modules) $(SOAK_JUDGES:%=%/node_modules)
