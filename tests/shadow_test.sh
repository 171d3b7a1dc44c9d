#!/usr/bin/env bash
# Rules in the shadow: what they say is written and counted, and changes nothing else. The golden case "shadow" is the world of "basic" with two rules on trial.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

case=tests/golden/shadow
plain() { # what came out for others, without what names the snapshot
	/usr/bin/python3 - "$1" <<'PY'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line)
    if record["topic"] != "tw.shadow":
        record.get("value", {}).pop("snapshot", None)
        print(json.dumps(record, sort_keys=True))
PY
}
screen() { "$program" screen --quiet --config "$case/tidewaiter.yaml" "$@"; }

screen --out "$work/shadow.ndjson" --set metrics.path="$work/shadow.prom" "$case/input.ndjson"
"$program" screen --quiet --config tests/golden/basic/tidewaiter.yaml --out "$work/basic.ndjson" tests/golden/basic/input.ndjson
plain "$work/shadow.ndjson" >"$work/shadow.plain"
plain "$work/basic.ndjson" >"$work/basic.plain"
check "alerts, holds and dead letters are those of a world without them" cmp "$work/basic.plain" "$work/shadow.plain"
check "there are some" test -s "$work/basic.plain"
grep '"topic":"tw.shadow"' "$work/shadow.ndjson" >"$work/records.ndjson"
check "every record satisfies feeds/schema/shadow.json" /usr/bin/python3 tests/schema_check.py --ndjson feeds/schema/shadow.json "$work/records.ndjson"
check "one record an event and rule" test "$(grep -o '"rule":"[a-z-]*"' "$work/records.ndjson" | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = ' 1 "rule":"trial-drawn"; 3 "rule":"trial-words";'
check "metrics count them by rule" grep -qx 'tidewaiter_shadow_findings_total{worker="screen",rule="trial-words"} 3' "$work/shadow.prom"
check "metrics say how many are on trial" grep -qx 'tidewaiter_rules_shadow{worker="screen"} 2' "$work/shadow.prom"

screen --set topics.shadow= --out "$work/off.ndjson" --set metrics.path="$work/off.prom" "$case/input.ndjson"
plain "$work/off.ndjson" >"$work/off.plain"
check "without a topic no record is written" test "$(grep -c '"topic":"tw.shadow"' "$work/off.ndjson")" -eq 0
check "all else is the same" cmp "$work/shadow.plain" "$work/off.plain"
check "and they are counted" grep -qx 'tidewaiter_shadow_findings_total{worker="screen",rule="trial-words"} 3' "$work/off.prom"

# A rule that goes live says what its record foretold.
mkdir "$work/live"
sed 's/^status: shadow/status: active/' "$case/rules/trial-drawn.yaml" >"$work/live/trial-drawn.yaml"
screen --set rules.paths="[tests/golden/basic/rules, $work/live]" --out "$work/live.ndjson" "$case/input.ndjson"
check "a record foretells the judgement" /usr/bin/python3 - "$work/records.ndjson" "$work/live.ndjson" <<'PY'
import json, sys
records = [json.loads(line)["value"] for line in open(sys.argv[1], encoding="utf-8")]
lines = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
alerts = {line["value"]["input"]["offset"]: line["value"] for line in lines if line["topic"] == "tw.alerts"}
told = [record for record in records if record["reason"]["rule"] == "trial-drawn"]
assert told
for record in told:
    alert = alerts[record["input"]["offset"]]
    assert alert["alert"] == record["alert"]
    for name in ("lane", "points", "probability_ppm"):
        assert alert[name] == record["with"][name], (name, alert[name], record)
    assert ("hold" in alert) == record["with"]["hold"]
    reason = next(reason for reason in alert["reasons"] if reason["rule"] == "trial-drawn")
    assert reason["counted"] == record["reason"]["counted"] and reason["because"] == record["reason"]["because"]
PY
check "top passes the records over" test "$("$program" top "$work/shadow.ndjson" 2>&1 | grep -c 'could not be read')" -eq 0
checks_end
