#!/usr/bin/env bash
# The whole pipeline: file in with the memory store, then Kafka in, Redis, Kafka out, each against what it is measured by.
# RULES is a folder of 100 rules; prints RESULT lines. Checks: every event is counted, alerts are equal between two runs.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release}
rules=${RULES:?a folder of rules}
events=${EVENTS:-200000}
work=$(mktemp -d)
. tests/integration/broker/broker.sh
cleanup() {
	broker_stop || true
	[ -z "${redis_pid:-}" ] || kill "$redis_pid" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

"$build/bench/bench_events" "$events" 1 >"$work/events.ndjson"
bytes=$(stat -c %s "$work/events.ndjson")
common=(--config feeds/sample/tidewaiter.yaml --set "rules.paths=$rules" --set random.share_ppm=0)

seconds() { # file with `time` output: user plus system, then wall
	awk '/^real/ {r=$2} /^user/ {u=$2} /^sys/ {s=$2} END {printf "%.3f %.3f", u + s, r}' "$1"
}

echo "file to alerts, memory store, one core: $events events of $((bytes / events)) bytes, $(find "$rules" -name '*.yaml' | wc -l) rules, both lists"
for round in 1 2 3; do
	{ TIMEFORMAT=$'real %R\nuser %U\nsys %S'; time taskset -c 0 "$build/tidewaiter" screen "${common[@]}" --topic tw.manifests --out "$work/out.$round" "$work/events.ndjson" >"$work/log.$round" 2>&1; } 2>"$work/time.$round"
	head -n 1000 "$work/events.ndjson" >"$work/few.ndjson"
	{ TIMEFORMAT=$'real %R\nuser %U\nsys %S'; time taskset -c 0 "$build/tidewaiter" screen "${common[@]}" --topic tw.manifests --out "$work/few.$round" "$work/few.ndjson" >/dev/null 2>&1; } 2>"$work/start.$round"
	read -r _ wall <<<"$(seconds "$work/time.$round")"
	read -r _ start <<<"$(seconds "$work/start.$round")"
	echo "$wall $start" >>"$work/walls"
done
cmp "$work/out.1" "$work/out.2" || { echo "bench: two runs differ"; exit 1; }
grep -q "$events events" "$work/log.1" || { echo "bench: not every event was counted:"; cat "$work/log.1"; exit 1; }
sort -n "$work/walls" | sed -n 2p | awk -v n="$events" '{printf "  median of 3: %.2f s wall, %.2f s of it start-up: %.0f events/s\nRESULT pipeline.file %.0f events/s\n", $1, $2, (n - 1000) / ($1 - $2), (n - 1000) / ($1 - $2)}'

if ! broker_start "$work"; then
	echo "NO KAFKA BROKER: the Kafka half of the pipeline was not measured"
	exit 0
fi
# A log that starts from nothing doubles every second and would be rewritten as often: not what a server with history does, so not here.
redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --save '' --appendonly yes --auto-aof-rewrite-percentage 0 >/dev/null 2>&1 &
redis_pid=$!
topics=()
for topic in manifests certificates markings outcomes decisions facts alerts holds dead-letter shadow traces; do
	broker_topic "bench.$topic" "$([ "$topic" = manifests ] && echo 4 || echo 1)"
	topics+=(--set "topics.${topic/-/_}=bench.$topic")
done
kcat -b "$BROKER" -P -t bench.manifests -p -1 -X queue.buffering.max.messages=1000000 <"$work/events.ndjson"
for round in 1 2 3; do
	{ TIMEFORMAT='%R'; time kcat -b "$BROKER" -C -t bench.manifests -o beginning -e -q -X isolation.level=read_committed >"$work/kcat"; } 2>>"$work/kcat.times"
done
[ "$(wc -l <"$work/kcat")" -eq "$events" ] || { echo "bench: kcat read $(wc -l <"$work/kcat") of $events"; exit 1; }
# The watermark of each partition, u64, is what a look at every fifth of a second can afford; the committed offsets have the last word.
applied() { # prefix
	for partition in 0 1 2 3; do
		redis-cli -s "$work/redis.sock" GET "{$1:s0}:w:bench.manifests:$partition" | head -c 8 | od -An -t u8
	done | awk '{sum += $1} END {printf "%d\n", sum}'
}
kcat_rate=$(sort -n "$work/kcat.times" | sed -n 2p | awk -v n="$events" '{printf "%.0f", n / $1}')
echo "kcat -C on the same topic: $kcat_rate events/s"
for round in 1 2 3; do
	redis-cli -s "$work/redis.sock" FLUSHALL >/dev/null
	begin=$(date +%s.%N)
	"$build/tidewaiter" run "${common[@]}" "${topics[@]}" --set kafka.brokers="$BROKER" --set kafka.group="bench$round" --set kafka.instance="bench$round" \
		--set state.store=redis --set redis.address="unix:$work/redis.sock" --set redis.prefix="b$round" >"$work/run.$round" 2>&1 &
	engine=$!
	while [ "$(applied "b$round")" -lt "$events" ] && kill -0 "$engine" 2>/dev/null; do sleep 0.2; done
	while [ "$(broker_committed "bench$round" bench.manifests)" -lt "$events" ] && kill -0 "$engine" 2>/dev/null; do :; done
	end=$(date +%s.%N)
	kill -TERM "$engine"
	wait "$engine" || { echo "bench: the engine failed:"; cat "$work/run.$round"; exit 1; }
	sed -n "s/^time in /  round $round: time in /p" "$work/run.$round"
	echo "$begin $end" | awk -v n="$events" '{printf "%.0f\n", n / ($2 - $1)}' >>"$work/rates"
done
rate=$(sort -n "$work/rates" | sed -n 2p)
echo "Kafka in, Redis, Kafka out, two cores shared with broker and Redis, start-up included: $rate events/s"
# The last round's shares, "poll 3%, decode 20%, ...".
sed -n 's/^time in \(.*\) of .*/\1/p' "$work/run.3" | tr ',' '\n' | awk '{sub("%", "", $2); printf "RESULT pipeline.time_%s %.2f share\n", $1, $2 / 100}'
awk -v a="$rate" -v b="$kcat_rate" 'BEGIN {printf "RESULT pipeline.kafka %d events/s\nRESULT pipeline.kcat %d events/s\nRESULT pipeline.kafka_vs_kcat %.2f ratio\n", a, b, a / b}'
