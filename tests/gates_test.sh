#!/usr/bin/env bash
# The gates can fail: plant one violation of each kind in a scratch copy and expect a refusal that names it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0
unset LINT_KEEP # what lint remembers is tested here

fresh() {
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/bench" "$scratch/tree/feeds"
	cp -r Makefile .clang-tidy include engine rules "$scratch/tree/"
	cp feeds/*.[ch] "$scratch/tree/feeds/"
	mkdir "$scratch/tree/tests"
	cp tests/*.py tests/*.sh "$scratch/tree/tests/"
}

expect() { # what, wanted exit (0 or 1), words that must be said, command...
	local what=$1 wanted=$2 words=$3 code=0
	shift 3
	(cd "$scratch/tree" && "$@") >"$scratch/said" 2>&1 || code=1
	if [ "$code" -eq "$wanted" ] && grep -qF -- "$words" "$scratch/said"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "gates-test: FAILED: $what (exit $code)"
		tail -n 5 "$scratch/said"
	fi
}

# ---- check-layers: every case restores the file that it spoils, so that one copy serves them all

layers() { # what, file, line to plant, words
	local file=$scratch/tree/$2 kept=
	mkdir -p "$(dirname "$file")"
	if [ -e "$file" ]; then kept=$scratch/kept && cp "$file" "$kept"; fi
	printf '%s\n' "$3" >>"$file"
	expect "$1" 1 "$4" python3 tests/check_layers.py .
	if [ -n "$kept" ]; then mv "$kept" "$file"; else rm "$file"; fi
}

fresh
expect "check-layers passes the tree as it is" 0 " 0 violations" python3 tests/check_layers.py .

# who includes | what | refused because
while IFS='|' read -r file include words; do
	layers "$file includes $include" "$file" "#include \"$include\"" "$file:$(($(wc -l 2>/dev/null <"$scratch/tree/$file" || echo 0) + 1)): includes $include: $words"
done <<'CASES'
include/tidewaiter/slice.h|engine/base/arena.h|against the written direction: include/tidewaiter may not use engine/base
engine/base/time.c|engine/state/store.h|against the written direction: engine/base may not use engine/state
engine/base/time.h|engine/event/shape.h|against the written direction: engine/base may not use engine/event
engine/event/shape.h|engine/decode/decode.h|against the written direction: engine/event may not use engine/decode
engine/score/score.c|engine/decode/decode.h|against the written direction: engine/score may not use engine/decode
engine/io/stream.c|engine/emit/emit.h|against the written direction: engine/io may not use engine/emit
engine/emit/alert.c|engine/io/stream.h|against the written direction: engine/emit may not use engine/io
engine/state/store.h|engine/screen/snapshot.h|against the written direction: engine/state may not use engine/screen
engine/screen/screen.c|engine/state/store.h|against the written direction: engine/screen may not use engine/state
engine/emit/emit.h|engine/run/pipeline.h|against the written direction: engine/emit may not use engine/run
engine/run/pipeline.h|engine/command/cli.h|against the written direction: engine/run may not use engine/command
rules/rules.h|feeds/lists.h|against the written direction: rules may not use feeds
feeds/lists.h|rules/rules.h|against the written direction: feeds may not use rules
engine/main.c|engine/screen/snapshot.h|against the written direction: engine may not use engine/screen
engine/score/score.c|score.h|neither the standard library's nor a library that has a room
engine/score/score.c|../decode/decode.h|a path that climbs
engine/novelty/novelty.c|engine/base/time.h|a folder without a written direction
CASES
layers "our own header in angle brackets" engine/score/score.c '#include <engine/decode/decode.h>' "our own headers are included in quotes"
layers "an include through a macro" engine/score/score.c '#include HIDDEN_HEADER' "a computed include cannot be checked"
layers "a library that nobody gave a room" feeds/lists.h '#include <curl/curl.h>' "nor a library that has a room"
layers "a noun that needs more than C" include/tidewaiter/slice.h '#include <unistd.h>' "includes unistd.h: neither the standard library's"

# a room that may not | library
while read -r room header; do
	layers "$header in $room" "$room/planted.c" "#include <$header>" "$room/planted.c:1: includes $header: library outside its room"
done <<'CASES'
engine/run yajl/yajl_parse.h
engine/io hiredis/hiredis.h
engine/run librdkafka/rdkafka.h
engine/screen pcre2.h
feeds yaml.h
rules libxml/parser.h
engine/base unicode/utrans.h
feeds utf8proc.h
engine/state xxhash.h
feeds openssl/evp.h
engine/run criterion/criterion.h
engine/state zstd.h
CASES
expect "check-layers passes again when all is restored" 0 " 0 violations" python3 tests/check_layers.py .
expect "check-layers refuses a folder without sources" 1 "0 files" python3 tests/check_layers.py tests

# ---- check-headers

expect "check-headers passes the tree as it is" 0 "headers compile alone" make --no-print-directory check-headers
echo 'struct tw_arena *tw_header_that_needs_another(size_t bytes);' >"$scratch/tree/engine/score/needy.h"
expect "a header that does not compile alone" 1 "needy.h" make --no-print-directory check-headers
rm "$scratch/tree/engine/score/needy.h"

# ---- lint

mkdir "$scratch/bin"
ln -s "$(command -v bash)" "$(command -v dirname)" "$scratch/bin/"
expect "lint without clang-tidy" 1 "clang-tidy is not installed" env PATH="$scratch/bin" bash tests/lint.sh engine/base/time.h

lint() { # what, words, text of a file
	printf '%s\n' "$3" >"$scratch/tree/engine/base/planted.c"
	expect "$1" 1 "$2" tests/lint.sh engine/base/planted.c
}
if command -v clang-tidy >/dev/null; then
	clean='int tw_planted(int a);
int tw_planted(int a) { return a; }'
	printf '%s\n' "$clean" >"$scratch/tree/engine/base/planted.c"
	expect "lint passes a file without a fault" 0 "lint: 1 files, 0 findings" tests/lint.sh engine/base/planted.c
	lint "a bug that clang-tidy sees" "clang-analyzer-core.NullDereference" 'int tw_planted(int a);
int tw_planted(int a) { int *none = 0; return a ? *none : 0; }'
	lint "a file that does not compile" "clang-diagnostic-error" 'int tw_planted(int a) { return a }'
	lint "an unsafe call" "unsafe or unbounded call" "$clean
char *tw_copied(char *to, const char *from) { return strcpy (to, from); }"
	lint "something unfinished" "[unfinished]" "$clean
/* TO""DO */"
	# what was found clean is not looked at again, until the file, what it includes or the checks change; a finding is found again
	bug='int tw_planted(int a);
static inline int planted(int a) { int *none = 0; return a ? *none : 0; }'
	header=$scratch/tree/engine/base/planted.h
	planted='#include "engine/base/planted.h"
int tw_planted(int a) { return planted(a); }'
	printf '%s\n' "int tw_planted(int a);" "static inline int planted(int a) { return a; }" >"$header"
	printf '%s\n' "$planted" >"$scratch/tree/engine/base/planted.c"
	expect "lint passes a file with a header" 0 "lint: 1 files, 0 findings" tests/lint.sh engine/base/planted.c
	expect "lint knows what it found clean" 0 "lint: 1 as they were" tests/lint.sh engine/base/planted.c
	expect "... also beside a file that it has not seen" 1 "lint: 2 files" tests/lint.sh engine/base/planted.c engine/base/absent.c
	printf '%s\n' "$bug" >"$header"
	expect "lint looks again when a header has changed" 1 "clang-analyzer-core.NullDereference" tests/lint.sh engine/base/planted.c
	expect "lint finds what it found before" 1 "clang-analyzer-core.NullDereference" tests/lint.sh engine/base/planted.c
	rm "$header"
	lint "a header that is gone" "clang-diagnostic-error" "$planted"
	printf '%s\n' "$clean" >"$scratch/tree/engine/base/planted.c"
	expect "lint passes a mended file" 0 "lint: 1 files, 0 findings" tests/lint.sh engine/base/planted.c
	sed 's/  misc-static-assert,/&\n  readability-identifier-length,/' .clang-tidy >"$scratch/tree/.clang-tidy"
	expect "lint looks again when the checks have changed" 1 "readability-identifier-length" tests/lint.sh engine/base/planted.c
	cp .clang-tidy "$scratch/tree/"
	expect "lint with a file that is not there" 1 "lint: 1 files" tests/lint.sh engine/base/absent.c
	expect "lint with nothing to check" 1 "no file to check" tests/lint.sh
else
	skipped=15
	echo "gates-test: no clang-tidy here: fifteen cases of lint are skipped"
fi

# ---- negative controls: a build that is wrong on purpose says so, and no other build is

expect "a broken build defines what it breaks" 0 "-DTW_BREAK_MSET" make -n BREAK=mset V=1 program
expect "a broken build says so in its version" 0 "-broken-mset" make -n BREAK=mset V=1 program
for variant in release asan; do
	(cd "$scratch/tree" && make -n VARIANT=$variant V=1 program) >"$scratch/flags" 2>&1
	if grep -q -- ' -c engine' "$scratch/flags" && ! grep -q -e TW_BREAK -e broken "$scratch/flags"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "gates-test: FAILED: the $variant build is broken on purpose"
	fi
done

# ---- the runner of the suites, over suites that are made up: what fails, dies or is silent fails the run

suites() { # what, wanted exit, words, lines of tests/a_test.sh, lines of unit-tests
	printf '%s\n' '#!/bin/sh' "$4" >"$scratch/suites/tests/a_test.sh"
	printf '%s\n' '#!/bin/sh' "$5" >"$scratch/suites/build/unit-tests"
	chmod +x "$scratch/suites/build/unit-tests"
	(cd "$scratch/suites" && env -u SANITIZER BUILD_DIR=build TW_TEST_KAFKA=none:1 SANITIZER="${6:-}" tests/run.sh) >"$scratch/run" 2>&1
	echo "exit $?" >>"$scratch/run"
	expect "$1" 0 "$3" cat "$scratch/run"
	expect "... with exit $2" 0 "exit $2" tail -n 1 "$scratch/run"
}

mkdir -p "$scratch/suites/build" "$scratch/suites/tests/integration/broker"
cp tests/run.sh "$scratch/suites/tests/"
cp tests/integration/broker/broker.sh "$scratch/suites/tests/integration/broker/"
green='echo "[====] Synthesis: Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0"'
printf '%s\n' '#!/bin/sh' "$green" >"$scratch/suites/build/integration-tests"
printf '%s\n' '#!/bin/sh' 'echo "simulation: 3 passed, 0 failed"' >"$scratch/suites/build/simulation"
chmod +x "$scratch/suites/build/"*
script='echo "a-test: 4 passed, 0 failed, 1 skipped"'
suites "all suites are counted" 0 "11 passed, 0 failed, 1 skipped" "$script" "$green"
suites "a script that fails" 1 "9 passed, 1 failed, 0 skipped" 'echo "a-test: 2 passed, 1 failed"' "$green"
suites "a script that counts no failure and ends with 3" 1 "11 passed, 1 failed, 1 skipped" "$script; exit 3" "$green"
suites "a script that says nothing" 1 "ended without a result (exit 0)" ':' "$green"
suites "a script that is killed" 1 "ended without a result (exit 137)" 'kill -9 $$' "$green"
suites "a program that crashes in a test" 1 "10 passed, 1 failed, 1 skipped" "$script" "${green/Passing: 2 | Failing: 0 | Crashing: 0/Passing: 1 | Failing: 0 | Crashing: 1}; exit 1"
suites "what a suite said when it failed" 1 "these are its words" 'echo "these are its words"; exit 1' "$green"
suites "a finding of the sanitizer in a test that is green" 1 "1 asan findings" "$script" "$green"'; echo leaked >"${ASAN_OPTIONS##*log_path=}.1"' asan
rm "$scratch/suites/build/simulation"
suites "a program that is missing" 1 "8 passed, 1 failed, 1 skipped" "$script" "$green"
# whoever runs the suites is killed: what it had in hand is a failure
suites "a suite without a row" 1 "was never run to its end" 'kill -9 $(ps -o ppid= $PPID)' "$green"

# ---- the whole of .ci/run, over a Makefile that is made up

whole() { # what, wanted exit, words, target that fails
	printf '%s\n' '.PHONY: deps test torture lint check-layers check-headers' 'deps torture lint check-layers check-headers:' '	@echo $@ is made; test $@ != "$(BAD)"' \
		'test:' '	@echo "5 passed, 0 failed, 1 skipped"; test $@ != "$(BAD)"' >"$scratch/whole/Makefile"
	expect "$1" "$2" "$3" env -u MAKEFLAGS BAD="$4" "$scratch/whole/.ci/run"
}
mkdir "$scratch/whole"
cp -r .ci "$scratch/whole/"
whole "the whole counts tests, torture and gates" 0 "9 passed, 0 failed, 1 skipped" none
for gate in torture lint check-layers check-headers; do
	whole "the whole fails with $gate" 1 "8 passed, 1 failed, 1 skipped" "$gate"
done
whole "the whole fails with its tests" 1 "9 passed, 1 failed, 1 skipped" test
whole "a gate that failed is named" 1 "gate failed: make lint" lint

echo "gates-test: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
