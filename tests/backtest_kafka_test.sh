#!/usr/bin/env bash
# `rules backtest --over topic:NAME` on a real broker: what comes of topics is what comes of the same events in a file, whatever the partitions.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh
. tests/integration/broker/broker.sh

if ! broker_start "$work"; then
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
trap 'broker_stop; rm -rf "$work"' EXIT
facts=tests/golden/facts
run=backtest-$$-$RANDOM
over=()
settings=("kafka.brokers=$BROKER" "kafka.group=$run" "topics.manifests=$run.m" "topics.outcomes=$run.o" "topics.facts=$run.f")

# The events of the file, in its order by the log's time, a second apart from the first of March; over three partitions by consignment.
put() { # topic in the file, topic in the log
	python3 tests/integration/broker/ask.py "$BROKER" topic "$2" 3 retention.ms=-1
	python3 -c '
import json, sys, zlib
for at, line in enumerate(open(sys.argv[1])):
    row = json.loads(line)
    if row["topic"] == sys.argv[2]:
        value = json.dumps(row["value"], separators=(",", ":"), ensure_ascii=False)
        print(zlib.crc32(value.encode()) % 3, 1772323200000 + at * 1000, value, sep="\t")' "$facts/input.ndjson" "$1" |
		python3 tests/integration/broker/ask.py "$BROKER" put "$2"
}
backtest() {
	local each words=()
	for each in "${settings[@]}"; do words+=(--set "$each"); done
	"$program" rules backtest --config "$facts/tidewaiter.yaml" tests/backtest/rules --capacity 1 --format json "${words[@]}" "$@"
}
same() { # the report of the file, that of the log: but for where it was read
	python3 -c '
import json, sys
file, log = (json.load(open(path)) for path in sys.argv[1:])
file["history"]["over"] = log["history"]["over"] = []
sys.exit(0 if file == log and file["history"]["judged"] > 50 else f"{file}\n{log}"[:2000])' "$1" "$2"
}

put tw.manifests "$run.m" && put tw.outcomes "$run.o"
sed "s/tw.manifests/$run.m/; s/tw.outcomes/$run.o/" "$facts/input.ndjson" >"$work/input.ndjson"
check "a backtest over a file" exits 0 backtest --over "$work/input.ndjson" --quiet
cp "$work/out" "$work/file"
check "... over topics of three partitions" exits 0 backtest --over "topic:$run.m" --over "topic:$run.o"
cp "$work/out" "$work/log"
check "... is the same report" same "$work/file" "$work/log"
check "... says how fast it went" err_has "67 events in "
check "... again" exits 0 backtest --over "topic:$run.o" --over "topic:$run.m" --quiet
check "... and again the same" same "$work/file" "$work/out"
check "nobody has joined the group" test "$(broker_committed "$run" "$run.m")" = 0
check "from a time of the log on" exits 0 backtest --over "topic:$run.m@2026-03-01T00:00:30Z" --quiet
check "... there are fewer events" python3 -c "
import json, sys
rows = [json.loads(line) for line in open('$facts/input.ndjson')]
sys.exit(0 if json.load(open('$work/out'))['history']['events'] == sum(row['topic'] == 'tw.manifests' for row in rows[30:]) else 1)"
check "a period by the events' own time" exits 0 backtest --over "topic:$run.m" --over "topic:$run.o" --from 2026-01-10 --to 2026-01-20 --quiet
check "... judges those alone, with the history before them" python3 -c "
import json, sys
history = json.load(open('$work/out'))['history']
sys.exit(0 if history['events'] == 67 and 0 < history['judged'] < 67 and history['judged'] + history['history_alone'] == 67 else 1)"
check "a topic that holds nothing after that time" exits 0 backtest --over "topic:$run.m@2027-01-01" --quiet
check "... is an empty history" python3 -c "import json, sys; sys.exit(json.load(open('$work/out'))['history']['events'])"

check "a topic that the settings do not name" exits 78 backtest --over "topic:$run.n"
check "... is told with the nearest" err_has "did you mean \"$run.m\"?"
settings+=("topics.certificates=$run.missing")
check "a topic that the broker does not have" exits 78 backtest --over "topic:$run.missing"
check "... is told" err_has "kafka has no such topic"
check "topics and files together" exits 64 backtest --over "topic:$run.m" --over "$work/input.ndjson"
check "a time that is none" exits 64 backtest --over "topic:$run.m@March"
check "a topic has no --topic" exits 64 backtest --over "topic:$run.m" --topic tw.manifests
settings+=("kafka.brokers=127.0.0.1:1")
check "no broker" exits 74 backtest --over "topic:$run.m"
checks_end
