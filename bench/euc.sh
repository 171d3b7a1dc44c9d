#!/usr/bin/env bash
# A stream in which one event in ten touches a certificate and another one in ten carries 20 serials, against the plain one: the shipped rules, both
# sample lists, memory store, one core, the two in turn. Then what a hot certificate and a hot series of serials cost. Prints RESULT lines.
# Checks: every event is counted, and two runs over the same events write the same.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release}
events=${EVENTS:-100000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$build/bench/bench_events" "$events" 1 --envelope >"$work/plain.ndjson"
"$build/bench/bench_events" "$events" 1 --euc >"$work/euc.ndjson"
for kind in plain euc; do
	head -n 1000 "$work/$kind.ndjson" >"$work/$kind.few"
done

busy() { # events, out: user and system seconds of one run
	local TIMEFORMAT='%U %S'
	{ time "$build/tidewaiter" screen --config feeds/sample/tidewaiter.yaml --set rules.paths=rules/packs --set random.share_ppm=0 --out "$2" "$1" >"$work/log" 2>&1; } 2>&1 | awk '{print $1 + $2}'
}

for round in 1 2 3; do
	for kind in plain euc; do
		all=$(busy "$work/$kind.ndjson" "$work/$kind.out$round")
		grep -q "$events events" "$work/log" || { echo "bench: not every event was counted:"; cat "$work/log"; exit 1; }
		few=$(busy "$work/$kind.few" "$work/few.out")
		awk -v n="$events" -v all="$all" -v few="$few" 'BEGIN {printf "%.0f\n", (n - 1000) / (all - few)}' >>"$work/$kind.rates"
	done
done
for kind in plain euc; do
	cmp "$work/$kind.out1" "$work/$kind.out2" || { echo "bench: two runs differ"; exit 1; }
done
plain=$(sort -n "$work/plain.rates" | sed -n 2p)
euc=$(sort -n "$work/euc.rates" | sed -n 2p)
echo "events a second of processor time, medians of 3: plain $plain, with certificates and serials $euc"
awk -v a="$euc" -v b="$plain" 'BEGIN {printf "RESULT euc.plain %d events/s\nRESULT euc.mixed %d events/s\nRESULT euc.mixed_vs_plain %.2f ratio\n", b, a, a / b}'
"$build/bench/bench_euc" rules/packs 2>/dev/null
