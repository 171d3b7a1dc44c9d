#!/usr/bin/env bash
# Ordinary trade stays green: 3,230 real bills of lading, where the data folder is there (it is not part of this repository).
# Every bill decodes, and at most 0.5% end above green; nor more of 100,000 goods lines (bench/false_alarms.py), which are the same bytes every time.
set -uo pipefail
cd "$(dirname "$0")/.."
bills=${TW_DATA:-../shared/data}/manifests/us_bills_bulk.ndjson.gz
if [ ! -r "$bills" ]; then
	echo "bills-test: SKIPPED: no $bills (set TW_DATA)"
	echo "bills-test: 0 passed, 0 failed, 1 skipped"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # what, condition as a command
	local what=$1
	shift
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "bills-test: FAILED: $what"; fi
}

gzip -dc "$bills" >"$work/bills.ndjson"
total=$(wc -l <"$work/bills.ndjson")
"${BUILD_DIR:-build/release}/tidewaiter" screen --config feeds/sample/tidewaiter.yaml --set random.share_ppm=0 --out "$work/out.ndjson" "$work/bills.ndjson" 2>"$work/said"
code=$?
letters=$(grep -c '"topic":"tw.dead-letter"' "$work/out.ndjson")
above=$(grep '"topic":"tw.alerts"' "$work/out.ndjson" | grep -cE '"lane":"(red|yellow|blue)"')
check "the program ends well" test "$code" -eq 0
check "all $total bills are counted" grep -q "^$total events" "$work/said"
check "every bill decodes ($letters dead letters)" test "$letters" -eq 0
check "at most 0.5% above green ($above of $total)" test $((above * 200)) -le "$total"
lines() { python3 bench/false_alarms.py "${BUILD_DIR:-build/release}/tidewaiter" "${TW_DATA:-../shared/data}" --manifests "$work/lines.ndjson" --lines "$1"; }
lines 100000 >"$work/lines" 2>&1
check "100,000 goods lines are screened" grep -q '^RESULT false_alarms.lines 100000 ' "$work/lines"
check "at most 0.5% of them above green" awk '/^RESULT false_alarms.above_green/ {seen = 1; if ($3 > 0.005) seen = 0} END {exit !seen}' "$work/lines"
lines 2000 >/dev/null && sha256sum <"$work/lines.ndjson" >"$work/once" && lines 2000 >/dev/null && sha256sum <"$work/lines.ndjson" >"$work/again"
check "the manifests are the same every time" cmp -s "$work/once" "$work/again"
echo "bills-test: $above of $total above green, $letters dead letters"
echo "bills-test: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
