#!/usr/bin/env bash
# From an event's append to its committed alert, at RATE events a second for SECONDS_MEASURED: Kafka in, Redis, Kafka out, everything and the
# measuring itself on this machine. One consignment in ten is raised by the keyed draw, so that there is something to measure.
# RULES is a folder of rules; prints RESULT lines. Checks: the reader saw every alert that the engine says it committed.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release}
rules=${RULES:?a folder of rules}
rate=${RATE:?events a second}
work=$(mktemp -d)
. tests/integration/broker/broker.sh
cleanup() {
	[ -z "${engine:-}" ] || kill -KILL "$engine" 2>/dev/null || true
	broker_stop || true
	[ -z "${redis_pid:-}" ] || kill "$redis_pid" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
unset TW_TEST_KAFKA TW_TEST_KAFKA_SASL

if ! broker_start "$work"; then
	echo "NO KAFKA BROKER: latency was not measured"
	exit 0
fi
redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --save '' --appendonly yes --auto-aof-rewrite-percentage 0 >/dev/null 2>&1 &
redis_pid=$!
topics=()
for topic in manifests certificates markings outcomes decisions facts alerts holds dead-letter shadow traces; do
	broker_topic "latency.$topic" "$([ "$topic" = manifests ] && echo 4 || echo 1)"
	topics+=(--set "topics.${topic/-/_}=latency.$topic")
done
"$build/tidewaiter" run --config feeds/sample/tidewaiter.yaml --set "rules.paths=$rules" --set random.share_ppm=100000 --set random.key=bench-latency-key-1 \
	"${topics[@]}" --set kafka.brokers="$BROKER" --set kafka.group=latency --set kafka.instance=latency ${ENGINE_SET:-} \
	--set state.store=redis --set redis.address="unix:$work/redis.sock" >"$work/run" 2>&1 &
engine=$!
"$build/bench/bench_latency" "$BROKER" latency.manifests latency.alerts "$rate" "${SECONDS_MEASURED:-20}" "${SECONDS_WARM:-5}" >"$work/latency" ||
	{ echo "bench: no latency was measured:"; cat "$work/latency" "$work/run"; exit 1; }
kill -TERM "$engine"
wait "$engine" || { echo "bench: the engine failed:"; cat "$work/run"; exit 1; }
engine=
read -r _ seen _ sent _ <"$work/latency"
raised=$(sed -nE 's/.*, ([0-9]+) alerts? .*/\1/p' "$work/run")
[ "$seen" -eq "$raised" ] || { echo "bench: the engine committed $raised alerts, the reader saw $seen:"; cat "$work/run"; exit 1; }
echo "append to committed alert at $rate events/s, one in ten raised; $seen alerts of $sent events"
sed 's/^/  /' "$work/latency"
grep -h '^time in' "$work/run" | sed 's/^/  engine: /'
awk '/^p/ {printf "RESULT latency.%s %s ms\n", $1, $2}' "$work/latency"
echo "RESULT latency.rate $rate events/s"
