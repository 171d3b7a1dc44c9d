#!/usr/bin/env bash
# A broker killed under a running engine and started again: every event is judged, no alert is missing, none is there twice. And while that outage may
# still excuse a fence: of two processes of one instance the newer goes on, the older says why it does not.
# Starts a broker of its own, for it has to die. OUTAGE_S is how long it stays away.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
engine=${BUILD_DIR:-build/release}/tidewaiter
work=$(mktemp -d)
unset TW_TEST_KAFKA TW_TEST_KAFKA_SASL
. tests/integration/broker/broker.sh
pid= older= redis=
cleanup() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	[ -z "$older" ] || kill -KILL "$older" 2>/dev/null
	[ -z "$redis" ] || kill "$redis" 2>/dev/null
	broker_stop
	rm -rf "$work"
}
trap cleanup EXIT
passed=0 failed=0

check() { # what, command...
	local what=$1
	shift
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "outage-test: FAILED: $what"; fi
}

committed_is() { # count, tries of half a second
	local tries=$2
	until [ "$(broker_committed outage outage.manifests 2>/dev/null || echo 0)" -ge "$1" ]; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] && kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.5
	done
}

if ! broker_start "$work"; then
	echo "outage-test: no Kafka broker: SKIPPED"
	echo "outage-test: 0 passed, 0 failed, 1 skipped"
	exit 0
fi
topics=()
for topic in manifests certificates markings outcomes decisions facts alerts holds dead-letter shadow traces; do
	broker_topic "outage.$topic" 1
	topics+=(--set "topics.${topic/-/_}=outage.$topic")
done
# What the older process knew the newer one has to find.
redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --save '' >/dev/null 2>&1 &
redis=$!
# Alerts on a third of the events, by the keyed draw: enough to see one go missing.
common=(--config feeds/sample/tidewaiter.yaml --set random.share_ppm=300000 "${topics[@]}")
python3 - feeds/sample/real_bills.ndjson feeds/sample/traffic.ndjson >"$work/events" <<'PYTHON'
import json, sys
for path in sys.argv[1:]:
    for line in open(path, encoding="utf-8"):
        event = json.loads(line)
        if event["topic"] == "tw.manifests":
            print(json.dumps(event["value"], ensure_ascii=False, separators=(",", ":")))
PYTHON
total=$(wc -l <"$work/events")
half=$((total / 2))
most=$((total - 2))
"$engine" screen "${common[@]}" --topic outage.manifests --out "$work/expected" "$work/events" 2>/dev/null

put() { # first, last
	sed -n "$1,$2p" "$work/events" | kcat -b "$BROKER" -P -t outage.manifests -p 0
}
begin() { # log
	"$engine" run "${common[@]}" --set kafka.brokers="$BROKER" --set kafka.group=outage --set kafka.instance=outage --set batch.events=10 \
		--set state.store=redis --set redis.address="unix:$work/redis.sock" 2>"$1" &
	pid=$!
}

put 1 "$half"
begin "$work/log"
check "the engine begins" committed_is 1 60
broker_stop
sleep "${OUTAGE_S:-5}"
check "the broker comes back" broker_start "$work"
put $((half + 1)) "$most"
check "every event is committed" committed_is "$most" 240
# While the one sleeps another is started in its place, at once: a supervisor that took it for dead.
older=$pid
kill -STOP "$older"
begin "$work/log.newer"
put $((most + 1)) $((most + 1))
check "a newer process takes the sleeper's place" committed_is $((most + 1)) 60
kill -CONT "$older"
for _ in $(seq 60); do
	kill -0 "$older" 2>/dev/null && kill -0 "$pid" 2>/dev/null || break
	sleep 0.5
done
check "the newer one lives" kill -0 "$pid"
put "$total" "$total"
check "the newer one goes on" committed_is "$total" 60
kill -KILL "$older" 2>/dev/null || true # where it did not end
status=0
wait "$older" || status=$?
older=
check "the older one ends with 75, not $status" test "$status" -eq 75
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
check "the engine ends with 0, not $status" test "$status" -eq 0
pid=
kcat -b "$BROKER" -C -t outage.alerts -o beginning -e -q -X isolation.level=read_committed >"$work/alerts"
status=0
python3 - "$work/expected" "$work/alerts" >"$work/difference" 2>&1 <<'PYTHON' || status=$?
import json, sys
expected = [json.loads(line)["value"] for line in open(sys.argv[1], encoding="utf-8") if json.loads(line)["topic"] == "outage.alerts"]
alerts = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
ids = [alert["alert"] for alert in alerts]
assert len(expected) > 50, f"only {len(expected)} alerts expected"
print(len(ids), "alerts; twice:", len(ids) - len(set(ids)), "missing:", len({e["alert"] for e in expected} - set(ids)), "unexpected:", len(set(ids) - {e["alert"] for e in expected}))
sys.exit(sorted(ids) != sorted(e["alert"] for e in expected))
PYTHON
check "every alert is there once: $(tail -n 1 "$work/difference")" test "$status" -eq 0
cat "$work/difference"
[ "$failed" -eq 0 ] || tail -n 20 "$work/log" "$work/log.newer"
echo "outage-test: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
