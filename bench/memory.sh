#!/usr/bin/env bash
# Does memory stay flat? EVENTS events, the same ROUND of them over and over through a pipe, so that the memory store stops growing: after the
# first round it knows every entity, and after some twenty every record has been compacted once (a tail has 8 entries at most, record.h).
# What counts is the end against the end of that warm-up. Then with Kafka and a Redis that falls asleep under a backlog: what is fetched ahead is
# bounded by kafka.prefetch_mib, and nothing grows. RULES is a folder of rules; prints RESULT lines, fails when an event is not counted.
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
. tests/integration/broker/broker.sh
cleanup() {
	[ -z "${serving:-}" ] || kill -KILL "$serving" 2>/dev/null || true
	[ -z "${redis_pid:-}" ] || kill -KILL "$redis_pid" 2>/dev/null || true
	broker_stop || true
	rm -rf "$work"
}
trap cleanup EXIT
unset TW_TEST_KAFKA TW_TEST_KAFKA_SASL

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

if ! broker_start "$work"; then
	echo "NO KAFKA BROKER: memory while Redis is away was not measured"
	exit 0
fi
backlog=${BACKLOG:-200000}
redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --save '' >/dev/null 2>&1 &
redis_pid=$!
topics=()
for topic in manifests certificates markings outcomes decisions facts alerts holds dead-letter shadow traces; do
	broker_topic "memory.$topic" "$([ "$topic" = manifests ] && echo 4 || echo 1)"
	topics+=(--set "topics.${topic/-/_}=memory.$topic")
done
"$build/bench/bench_events" "$backlog" 1 | kcat -b "$BROKER" -P -t memory.manifests -p -1 -X queue.buffering.max.messages=1000000
"$build/tidewaiter" run --config feeds/sample/tidewaiter.yaml --set "rules.paths=$rules" --set random.share_ppm=0 "${topics[@]}" --set kafka.brokers="$BROKER" \
	--set kafka.group=memory --set kafka.instance=memory --set kafka.prefetch_mib=32 --set state.store=redis --set redis.address="unix:$work/redis.sock" >"$work/log" 2>&1 &
serving=$!
until [ "$(broker_committed memory memory.manifests)" -gt 0 ]; do kill -0 "$serving" || { cat "$work/log"; exit 1; }; done
kill -STOP "$redis_pid"
until grep -q event=store_away "$work/log"; do sleep 0.1; done
sleep 3 # what may still be fetched is fetched
asleep=$(broker_committed memory memory.manifests)
engine=$serving
begin=$(resident)
sleep "${AWAY_S:-15}"
end=$(resident)
[ "$(broker_committed memory memory.manifests)" -eq "$asleep" ] || { echo "memory: something was committed while Redis slept"; exit 1; }
kill -CONT "$redis_pid"
until [ "$(broker_committed memory memory.manifests)" -ge "$backlog" ]; do kill -0 "$serving" || { cat "$work/log"; exit 1; }; sleep 0.2; done
kill -TERM "$serving"
wait "$serving" || { echo "memory: the engine failed:"; cat "$work/log"; exit 1; }
serving=
echo "Redis asleep for ${AWAY_S:-15} s behind a backlog of $((backlog - asleep)) events, 32 MiB may be fetched ahead:"
echo "$begin $end" | awk '{
	printf "  %.1f MiB resident when it was noticed, %.1f at the end\n", $1 / 1024, $3 / 1024
	printf "RESULT memory.redis_away_rss %.0f MiB\nRESULT memory.redis_away_growth %.3f ratio\n", $3 / 1024, $3 / $1}'
