#!/usr/bin/env bash
# Does memory stay flat? EVENTS events, the same ROUND of them over and over through a pipe, so that the memory store stops growing: after the
# first round it knows every entity, and after some twenty every record has been compacted once (a tail has 16 entries at most, record.h).
# What counts is the end against the end of that warm-up. RULES is a folder of rules; prints RESULT lines, fails when an event is not counted.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release}
rules=${RULES:?a folder of rules}
events=${EVENTS:-2000000}
round=${ROUND:-20000}
warm=20
rounds=$(((events + round - 1) / round))
[ "$rounds" -ge $((2 * warm)) ] || { echo "memory: EVENTS=$events is less than $((2 * warm)) rounds of $round"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$build/bench/bench_events" "$round" 1 >"$work/events.ndjson"
mkfifo "$work/in"
"$build/tidewaiter" screen --config feeds/sample/tidewaiter.yaml --set "rules.paths=$rules" --set random.share_ppm=0 --set duplicates.window=0 --topic tw.manifests \
	--out "$work/out" - <"$work/in" >"$work/log" 2>&1 &
engine=$!
exec 9>"$work/in"

resident() { # KiB now, and at most so far
	awk '/^VmRSS:/ {now=$2} /^VmHWM:/ {most=$2} END {print now, most}' "/proc/$engine/status"
}

# A pipe holds 64 KiB and the engine's buffer 4 MiB: what was written is what was screened, to within a small part of a round.
for ((i = 1; i <= rounds; i++)); do
	cat "$work/events.ndjson" >&9
	echo "$((i * round)) $(resident)" >>"$work/samples"
done
exec 9>&-
wait "$engine" || { echo "memory: the engine failed:"; cat "$work/log"; exit 1; }
grep -q "^$((rounds * round)) events" "$work/log" || { echo "memory: not every event was counted:"; cat "$work/log"; exit 1; }

awk -v rounds="$rounds" -v warm="$warm" '
	NR == 1 || NR == warm || NR == int(rounds / 2) || NR == rounds {printf "  after %9d events: %.1f MiB resident, at most %.1f\n", $1, $2 / 1024, $3 / 1024}
	NR == warm {begin = $2}
	END {
		printf "RESULT memory.rss_end %.0f MiB\n", $2 / 1024
		printf "RESULT memory.rss_growth_after_warmup %.3f ratio\n", $2 / begin
	}' "$work/samples"
