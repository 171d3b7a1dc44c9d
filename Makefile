# Tidewaiter. `make help` lists the targets; `make demo` and `make test` set up a fresh Debian 12 by themselves.

VERSION := 0.1.0
VARIANT ?= release
# A build that is wrong on purpose, for tests/torture/controls.py: epoch, generation, compaction, mset or replay, in a folder of its own.
# In append.lua, a line that begins with --# is for the preprocessor, with --+ code between two of them.
BREAK   ?=
ifneq ($(BREAK),)
VERSION := $(VERSION)-broken-$(BREAK)
BUILD   := build/break-$(BREAK)
CPPFLAGS += -DTW_BREAK_$(shell echo $(BREAK) | tr a-z A-Z)
endif
BUILD   ?= build
OUT     := $(BUILD)/$(VARIANT)
CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
PREFIX  ?= /usr/local
Q       := $(if $(V),,@)
# Every processor builds, unless make was told how many (-j).
JOBS     = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

# One plain list. libyaml, libxml2, utf8proc, ICU, xxhash, OpenSSL: rules, UN XML, folding, other scripts, ids, digests (README, "Libraries").
PACKAGES_BUILD := gcc make pkg-config libc6-dev librdkafka-dev libhiredis-dev libyajl-dev libpcre2-dev libyaml-dev libxml2-dev \
                  libutf8proc-dev libicu-dev libxxhash-dev libssl-dev python3
PACKAGES_TEST  := libcriterion-dev redis-server redis-tools kcat python3-jsonschema python3-yaml default-jre-headless maven
PACKAGES_LINT  := clang clang-tidy clang-format libclang-rt-14-dev

LIBRARIES := rdkafka hiredis yajl libpcre2-8 yaml-0.1 libxml-2.0 libutf8proc icu-i18n icu-uc libxxhash libcrypto
# Evaluated when first used, after `deps` has run: a fresh machine has no pkg-config yet.
LIBRARY_CFLAGS = $(shell pkg-config --cflags $(LIBRARIES) | sed 's/-I/-isystem /g')
LIBRARY_LIBS   = $(shell pkg-config --libs $(LIBRARIES))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
            -Wundef -Wcast-qual -Wwrite-strings -Wswitch-enum -Wnull-dereference -Wdouble-promotion -Werror
FLAGS_release := -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
# The program is optimised as a whole when it is linked, a tenth faster from file to alerts; what tests and measures its parts links the same objects' own
# code, which takes no time. Debian's clang has no objects of both kinds.
LTO_release   := $(if $(findstring clang,$(CC)),,-flto=auto)
FLAGS_debug   := -O0 -g3
FLAGS_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address
FLAGS_ubsan   := -O1 -g -fno-omit-frame-pointer -fsanitize=undefined -fno-sanitize-recover=all
FLAGS_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
FLAGS_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
VARIANT_FLAGS := $(FLAGS_$(VARIANT))
CPPFLAGS += -Iinclude -I. -D_GNU_SOURCE -DTW_VERSION='"$(VERSION)"'
CFLAGS   += -std=c17 $(VARIANT_FLAGS)
LDFLAGS  += $(filter -fsanitize=%,$(subst $(comma)fuzzer-no-link,,$(VARIANT_FLAGS))) -Wl,--as-needed
LDLIBS   += -lm -lpthread
LTO      := $(LTO_$(VARIANT))
NO_LTO   := $(if $(LTO),-fno-lto)
comma := ,

SOURCES     := $(sort $(shell find engine rules feeds -name '*.c' ! -path engine/main.c))
EMBEDDED    := $(sort $(shell find engine -name '*.lua'))
UNIT        := $(sort $(shell find tests/unit -name '*.c' 2>/dev/null))
INTEGRATION := $(sort $(shell find tests/integration -name '*.c' 2>/dev/null))
REFERENCE   := $(sort $(wildcard tests/reference/*.c))
SIMULATION  := $(sort $(wildcard tests/simulation/*.c))
FUZZ        := $(sort $(wildcard tests/fuzz/*_fuzz.c))
TORTURE     := $(sort $(wildcard tests/torture/*.c))
BENCH       := $(sort $(wildcard bench/bench_*.c))
BENCH_PARTS := $(sort $(filter-out $(BENCH),$(wildcard bench/*.c)))
QUALITY     := $(sort $(wildcard bench/quality/*.c))
HEADERS     := $(sort $(shell find include engine rules feeds -name '*.h'))
objects      = $(patsubst %.c,$(OUT)/%.o,$(1))
OBJECTS     := $(call objects,$(SOURCES))
LIBRARY     := $(OUT)/libtidewaiter.a
ALL_C       := $(SOURCES) engine/main.c tests/criterion.c $(UNIT) $(REFERENCE) $(INTEGRATION) $(SIMULATION) $(FUZZ) $(TORTURE) $(BENCH) $(BENCH_PARTS) $(QUALITY)

.DEFAULT_GOAL := all
.PHONY: all program test-programs bench-programs unit-tests integration-tests names-exact deps deps-build deps-test deps-lint demo test unit simulate bench bench-state bench-pipeline bench-euc bench-rules torture torture-controls lint lint-deep check-layers check-headers fmt asan ubsan fuzz \
        install clean help
.DELETE_ON_ERROR:
.SECONDARY:

all: program ## Build the program at build/tidewaiter

program: $(BUILD)/tidewaiter

$(BUILD)/tidewaiter: $(OUT)/tidewaiter
	$(Q)ln -sf $(VARIANT)/tidewaiter $@

$(OUT)/tidewaiter: $(OUT)/engine/main.o $(LIBRARY)
	@echo "  link  $@"
	$(Q)$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) $^ $(LIBRARY_LIBS) $(LDLIBS) -o $@

$(OBJECTS) $(OUT)/engine/main.o: CFLAGS += $(if $(LTO),$(LTO) -ffat-lto-objects)
$(LIBRARY): $(OBJECTS)
	@echo "  ar    $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$(OUT)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  cc    $<"
	$(Q)$(CC) $(CPPFLAGS) $(LIBRARY_CFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

# Compiled files of lists (feeds/list_file.h) are of the code that made them: a digest of what reads lists and prepares names.
NAME_RULES_OF := $(sort $(wildcard feeds/*.c feeds/*.h) engine/base/text.c engine/base/hash.c)
NAME_RULES    := $(shell cat $(NAME_RULES_OF) | sha256sum | cut -c1-24)
# Likewise of marks (feeds/marking_file.h): of what reads them and makes their keys.
MARK_RULES_OF := $(sort $(wildcard feeds/marking_*.c feeds/marking_*.h)) feeds/csv.c feeds/list_text.c engine/event/keys.c engine/event/serial.c engine/base/text.c engine/base/hash.c
MARK_RULES    := $(shell cat $(MARK_RULES_OF) | sha256sum | cut -c1-24)
$(OUT)/feeds/marking_file.o: CPPFLAGS += -DTW_MARK_RULES='"$(MARK_RULES)"'
$(OUT)/feeds/marking_file.o: $(MARK_RULES_OF)
$(OUT)/feeds/list_file.o: CPPFLAGS += -DTW_NAME_RULES='"$(NAME_RULES)"'
$(OUT)/feeds/list_file.o: $(NAME_RULES_OF)

# Criterion's macros expand to what our warnings refuse; its headers are system headers, its expansions are not.
$(OUT)/tests/%.o: WARNINGS := $(filter-out -Wpedantic -Wmissing-prototypes -Wundef -Wcast-qual -Wconversion -Wsign-conversion -Wnull-dereference -Wshadow,$(WARNINGS))

# A Redis function library becomes a C string: one file, one language each, and no run-time path.
$(OUT)/%.lua.h: %.lua
	@mkdir -p $(@D)
	$(Q)python3 -c 'import sys,json; print("".join(l[2:] if l[:3] == "--#" else json.dumps(l[3:] if l[:3] == "--+" else l)+"\n" for l in open(sys.argv[1])))' $< > $@
$(OBJECTS): | $(EMBEDDED:%.lua=$(OUT)/%.lua.h)
CPPFLAGS += -I$(OUT)

# Most of their time is the compiler's: they run once, and what they measure with (tests/reference) is optimised.
TESTS_FLAGS_release := -Og
$(call objects,$(UNIT) $(INTEGRATION)): CFLAGS += $(TESTS_FLAGS_$(VARIANT))

define test_program # name, sources
$(OUT)/$(1): $$(call objects,$(2) tests/criterion.c) $(LIBRARY)
	@echo "  link  $$@"
	$(Q)$(CC) $(NO_LTO) $(LDFLAGS) -Wl,--export-dynamic-symbol=mbedtls_x509_crt_parse_file $$^ -lcriterion $$(LIBRARY_LIBS) $(LDLIBS) -o $$@
endef
$(eval $(call test_program,unit-tests,$(UNIT) $(REFERENCE)))
# One part of the simulation is itself compared with the real thing.
$(eval $(call test_program,integration-tests,$(INTEGRATION) tests/simulation/server.c))

# The simulation's objects come before the library: what they define (signals, log, hiredis) is never taken from it. Clock and sleep are its own.
$(OUT)/simulation: $(call objects,$(SIMULATION)) $(LIBRARY)
	@echo "  link  $@"
	$(Q)$(CC) $(NO_LTO) $(LDFLAGS) -Wl,--wrap=clock_gettime,--wrap=nanosleep $^ $(LIBRARY_LIBS) $(LDLIBS) -o $@

$(OUT)/bench/%: $(OUT)/bench/%.o $(call objects,$(BENCH_PARTS)) $(LIBRARY)
	@echo "  link  $@"
	$(Q)$(CC) $(NO_LTO) $(LDFLAGS) $^ $(LIBRARY_LIBS) $(LDLIBS) -o $@

$(OUT)/bench/bench_state: $(OUT)/tests/integration/redis.o

# To measure against, where it is installed (Debian: libhyperscan-dev); no part of the product.
HYPERSCAN := $(shell pkg-config --exists libhs 2>/dev/null && echo yes)
ifeq ($(HYPERSCAN),yes)
$(OUT)/bench/bench_patterns.o: CPPFLAGS += -DHAVE_HYPERSCAN $(shell pkg-config --cflags libhs | sed 's/-I/-isystem /g')
$(OUT)/bench/bench_patterns: LDLIBS += $(shell pkg-config --libs libhs)
endif

$(OUT)/bench/quality/quality: $(call objects,$(QUALITY)) $(LIBRARY)
	@echo "  link  $@"
	$(Q)$(CC) $(NO_LTO) $(LDFLAGS) $^ $(LIBRARY_LIBS) $(LDLIBS) -o $@

$(OUT)/tests/torture/%: $(OUT)/tests/torture/%.o $(LIBRARY)
	@echo "  link  $@"
	$(Q)$(CC) $(NO_LTO) $(LDFLAGS) $^ $(LIBRARY_LIBS) $(LDLIBS) -o $@

$(OUT)/tests/fuzz/%: $(OUT)/tests/fuzz/%.o $(call objects,$(REFERENCE)) $(LIBRARY)
	@echo "  link  $@"
	$(Q)$(CC) $(NO_LTO) $(LDFLAGS) -fsanitize=fuzzer $^ $(LIBRARY_LIBS) $(LDLIBS) -o $@

demo: deps-build ## Install what is missing, build, and run the main job on real lists and manifests
	$(Q)$(MAKE) --no-print-directory $(JOBS) program
	$(Q)bench/demo.sh

test: deps-build deps-test ## Install what is missing, build, and run every test
	$(Q)$(MAKE) --no-print-directory $(JOBS) test-programs bench-programs
	$(Q)BUILD_DIR="$(OUT)" tests/run.sh

unit-tests integration-tests: %: $(OUT)/%

test-programs: program unit-tests integration-tests $(OUT)/simulation $(OUT)/bench/bench_events

# `make test` builds what `make bench` runs, so that a change of the product cannot leave it behind.
bench-programs: $(BENCH:%.c=$(OUT)/%) $(OUT)/bench/quality/quality

unit: $(OUT)/unit-tests ## Run the unit tests alone
	$(Q)$(OUT)/unit-tests

simulate: $(OUT)/simulation ## Thousands of seeded runs over a simulated Kafka and Redis (SIM_SEEDS=n; SIM_SEED=n replays one)
	$(Q)$(OUT)/simulation

torture: deps-build deps-test ## Real broker, Redis and workers under random faults, then a checker (TORTURE_S=300 seconds, TORTURE_SEED= replays)
	$(Q)$(MAKE) --no-print-directory $(JOBS) program $(TORTURE:%.c=$(OUT)/%)
	$(Q)BUILD_DIR="$(OUT)" python3 tests/torture/torture.py

torture-controls: deps-build deps-test ## Builds that are wrong on purpose must be refused by the same checker (about 30 minutes)
	$(Q)python3 tests/torture/controls.py

bench: deps-build deps-test ## Measure every stage and the pipeline; writes bench/RESULTS.md
	$(Q)$(MAKE) --no-print-directory $(JOBS) program bench-programs
	$(Q)BUILD_DIR="$(OUT)" bench/run.sh

names-exact: deps-build ## The name index against comparing with every listed name of the real lists (QUERIES=100000, LISTS=un,ofac,uk,eu)
	$(Q)$(MAKE) --no-print-directory $(JOBS) $(OUT)/bench/quality/quality
	$(Q)python3 bench/quality/exact.py $(OUT)/bench/quality/quality "$${TW_DATA:-../shared/data}" --queries $${QUERIES:-100000} --lists $${LISTS:-un,ofac,uk,eu}

bench-state bench-pipeline bench-euc bench-rules: bench-%: deps-build deps-test ## Measure one of them alone; changes no file
	$(Q)$(MAKE) --no-print-directory $(JOBS) program bench-programs
	$(Q)BUILD_DIR="$(OUT)" ONLY=$* bench/run.sh

lint: deps-lint ## clang-tidy over the C of product and benchmarks, and the names of unsafe calls
	$(Q)tests/lint.sh $(SOURCES) engine/main.c $(BENCH) $(BENCH_PARTS) $(QUALITY)

lint-deep: ## The same, and as far into each function as the clang analyzer goes of itself: three times as long
	$(Q)LINT_NODES=225000 $(MAKE) --no-print-directory lint

check-layers: ## Refuse an include against the written direction, or a library outside its room
	$(Q)python3 tests/check_layers.py .

check-headers: ## Compile every header alone
	$(Q)for header in $(HEADERS); do \
		echo 'int tw_header_alone;' | $(CC) $(CPPFLAGS) -std=c17 $(WARNINGS) -fsyntax-only -include "$$header" -x c - || exit 1; \
	done; echo "check-headers: $(words $(HEADERS)) headers compile alone"

fmt: deps-lint ## Format all C with the committed style
	$(Q)clang-format -i $(ALL_C) $(HEADERS)

asan: deps-build deps-test deps-lint ## All tests under AddressSanitizer; a leak fails
	$(Q)$(MAKE) --no-print-directory $(JOBS) VARIANT=asan BUILD=$(BUILD)/sanitize test-programs
	$(Q)BUILD_DIR="$(BUILD)/sanitize/asan" SANITIZER=asan tests/run.sh

ubsan: deps-build deps-test deps-lint ## All tests under UndefinedBehaviorSanitizer
	$(Q)$(MAKE) --no-print-directory $(JOBS) VARIANT=ubsan BUILD=$(BUILD)/sanitize test-programs
	$(Q)BUILD_DIR="$(BUILD)/sanitize/ubsan" SANITIZER=ubsan tests/run.sh

fuzz: deps-build deps-lint ## Run every fuzz target for a minute (FUZZ_S=seconds)
	$(Q)$(MAKE) --no-print-directory $(JOBS) CC=clang VARIANT=fuzz BUILD=$(BUILD)/fuzz $(FUZZ:%.c=$(BUILD)/fuzz/fuzz/%)
	$(Q)FUZZ_DIR="$(BUILD)/fuzz/fuzz/tests/fuzz" tests/fuzz/run.sh

deps: deps-build deps-test deps-lint ## Install every Debian package that build, test and lint need

deps-build:
	$(Q)tests/deps.sh $(PACKAGES_BUILD)
deps-test:
	$(Q)tests/deps.sh $(PACKAGES_TEST)
deps-lint:
	$(Q)tests/deps.sh $(PACKAGES_LINT)

install: program ## Install program, headers, rules, data and example configuration under PREFIX (DESTDIR honoured)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/include/tidewaiter" "$(DESTDIR)$(PREFIX)/share/tidewaiter"
	install -m 755 $(OUT)/tidewaiter "$(DESTDIR)$(PREFIX)/bin/tidewaiter"
	install -m 644 include/tidewaiter/*.h "$(DESTDIR)$(PREFIX)/include/tidewaiter/"
	cp -r rules/packs feeds/embargoes feeds/reference feeds/schema feeds/sample "$(DESTDIR)$(PREFIX)/share/tidewaiter/"

clean: ## Remove everything that was built
	rm -rf $(BUILD)

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r target text; do printf '  %-16s %s\n' "$$target" "$$text"; done

-include $(patsubst %.c,$(OUT)/%.d,$(ALL_C))
