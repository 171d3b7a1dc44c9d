#!/usr/bin/env bash
# Golden tests: input + snapshot -> exact bytes. A case is a folder of tests/golden with tidewaiter.yaml, input.ndjson and
# expected.ndjson. Every case runs twice: two runs over the same log and snapshot give the same bytes, and they are the expected ones.
# UPDATE=1 rewrites the expectations; look at the difference before you commit it.
set -uo pipefail
cd "$(dirname "$0")/.."
program=${BUILD_DIR:-build/release}/tidewaiter
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # name, command...
	local name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "golden-test: FAILED: $name"
		head -n 20 "$work/said" | cut -c1-400
	fi
}

for case in tests/golden/*/; do
	case=${case%/}
	expected=$case/expected.ndjson
	for round in 1 2; do
		"$program" screen --config "$case/tidewaiter.yaml" --out "$work/$round.ndjson" "$case/input.ndjson" >"$work/log" 2>&1 ||
			{ echo "golden-test: $case: exit $?"; cat "$work/log"; }
	done
	[ -z "${UPDATE:-}" ] || cp "$work/1.ndjson" "$expected"
	check "$case gives the expected bytes" diff "$expected" "$work/1.ndjson"
	check "$case gives the same bytes again" cmp "$work/1.ndjson" "$work/2.ndjson"
	check "$case raises something" test -s "$work/1.ndjson"
done
echo "golden-test: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
