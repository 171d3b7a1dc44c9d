#!/usr/bin/env bash
# The gates can fail: plant one violation of each kind in a scratch copy and expect a refusal that names it.
set -uo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

fresh() {
	rm -rf "$scratch/tree"
	mkdir "$scratch/tree"
	cp -r Makefile include engine rules feeds tests "$scratch/tree/" 2>/dev/null
	mkdir -p "$scratch/tree/bench"
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

layers() { # what, file, line to plant, words
	fresh
	printf '%s\n' "$3" >>"$scratch/tree/$2"
	expect "$1" 1 "$4" python3 tests/check_layers.py .
}

fresh
expect "check-layers passes the tree as it is" 0 "0 violations" python3 tests/check_layers.py .
layers "a stage that includes another stage" engine/score/score.c '#include "engine/decode/decode.h"' "engine/score/score.c"
layers "base that includes a stage" engine/base/time.c '#include "engine/state/store.h"' "against the written direction"
layers "a noun that includes base" include/tidewaiter/slice.h '#include "engine/base/arena.h"' "include/tidewaiter may not use engine/base"
layers "rules that include feeds" rules/rules.h '#include "feeds/lists.h"' "rules may not use feeds"
layers "a stage that includes run" engine/emit/emit.h '#include "engine/run/pipeline.h"' "engine/emit may not use engine/run"
layers "yajl outside decode and emit" engine/run/pipeline.c '#include <yajl/yajl_parse.h>' "library outside its room"
layers "hiredis outside state" engine/io/file.c '#include <hiredis/hiredis.h>' "library outside its room"
layers "librdkafka outside io" engine/run/worker.c '#include <librdkafka/rdkafka.h>' "library outside its room"
layers "PCRE2 outside rules" engine/screen/screen.c '#include <pcre2.h>' "library outside its room"
layers "a relative include" engine/score/score.c '#include "score.h"' "a quoted include must be a path from the root"

fresh
expect "check-headers passes the tree as it is" 0 "headers compile alone" make --no-print-directory check-headers
echo 'struct tw_arena *tw_header_that_needs_another(size_t bytes);' >"$scratch/tree/engine/score/needy.h"
expect "a header that does not compile alone" 1 "needy.h" make --no-print-directory check-headers

echo "gates-test: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
