#!/usr/bin/env bash
# What the demo shows is right: every seeded story is seen, no lawful twin is troubled, every output satisfies its published schema,
# and every damaged line came out as a dead letter with its bytes.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

sum() { # adds a script's own "N passed, N failed"
	local line
	line=$(grep -oE '[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1)
	set -- $line
	passed=$((passed + ${1:-0}))
	failed=$((failed + ${3:-1}))
}

screen() {
	"$program" screen --config feeds/sample/tidewaiter.yaml --set random.share_ppm=0 --out "$work/$1.ndjson" feeds/sample/real_bills.ndjson feeds/sample/traffic.ndjson \
		feeds/sample/damaged.ndjson
}

check "the sample is screened" screen out
screen again >/dev/null 2>&1
check "two runs give the same bytes" cmp "$work/out.ndjson" "$work/again.ndjson"
/usr/bin/python3 tests/stories.py "$work/out.ndjson" >"$work/stories" 2>&1
grep FAILED "$work/stories"
sum "$work/stories"

for kind in alert hold; do
	grep "\"topic\":\"tw.${kind}s\"" "$work/out.ndjson" >"$work/$kind.ndjson"
	check "every $kind satisfies feeds/schema/$kind.json" /usr/bin/python3 tests/schema_check.py --ndjson "feeds/schema/$kind.json" "$work/$kind.ndjson"
done
for input in real_bills traffic story; do
	for family in manifest certificate marking outcome decision; do
		grep "\"topic\": *\"tw.${family}s\"" "feeds/sample/$input.ndjson" >"$work/in.ndjson" || continue
		check "every $family of $input.ndjson satisfies its schema" /usr/bin/python3 tests/schema_check.py --ndjson "feeds/schema/$family.json" "$work/in.ndjson"
	done
done

# the story of the demo: nothing is said of the first three steps, the fourth is red, the fifth is held, the last two reach what is under way
"$program" screen --quiet --config feeds/sample/tidewaiter.yaml --set random.share_ppm=0 --out "$work/story.ndjson" feeds/sample/story.ndjson
told() { python3 bench/demo_story.py feeds/sample/story.ndjson feeds/sample/story.tsv "$work/story.ndjson" >"$work/told"; }
check "the demo's story is told" told
check "three lawful steps, of which nothing is said" test "$(grep -c 'nothing speaks against it' "$work/told")" -eq 3
check "the second port is red" bash -c "grep -A3 'Koper, 47 minutes' '$work/told' | grep -q 'RED.*TWS26000602; reaches TWS26000601'"
check "the re-routed one is held, and no other" bash -c "test \"\$(grep -c 'HOLD placed' '$work/told')\" -eq 1 && grep -q 'HOLD placed on TWS26000602' '$work/told'"
check "the revocation reaches both" bash -c "grep -A3 'revokes the' '$work/told' | grep -q 'TWS26000602; reaches TWS26000601'"
letters=$(grep -c '"topic":"tw.dead-letter"' "$work/out.ndjson")
python3 -c 'import json, sys
for line in sys.stdin:
	record = json.loads(line)
	print(json.dumps({"value": record["headers"]}))' <<<"$(grep '"topic":"tw.dead-letter"' "$work/out.ndjson")" >"$work/letters.ndjson"
check "every dead letter's headers satisfy feeds/schema/dead-letter.json" /usr/bin/python3 tests/schema_check.py --ndjson feeds/schema/dead-letter.json "$work/letters.ndjson"
check "damaged lines are dead letters ($letters)" test "$letters" -ge 6
check "top prints the ranked table" "$program" top --capacity 5 "$work/out.ndjson"
check "top explains an alert" "$program" top --explain TWS26000475 "$work/out.ndjson"
checks_end
