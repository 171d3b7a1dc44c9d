#!/usr/bin/env bash
# Golden tests: input + snapshot -> exact bytes. A case is a folder of tests/golden with tidewaiter.yaml, input.ndjson and
# expected.ndjson. Every case runs twice: two runs over the same log and snapshot give the same bytes, and they are the expected ones.
# UPDATE=1 rewrites the expectations; look at the difference before you commit it.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

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
checks_end
