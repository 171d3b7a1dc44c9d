#!/usr/bin/env bash
# Traces: the command over files, and the answers in the stream. The golden case "traces" is the world.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

world=tests/golden/traces
trace() { "$program" trace --quiet --config "$world/tidewaiter.yaml" --over "$world/input.ndjson" "$@"; }
screen() { "$program" screen --quiet --config "$world/tidewaiter.yaml" "$@"; }

screen --out "$work/out.ndjson" "$world/input.ndjson"
grep '"topic":"tw.traces"' "$work/out.ndjson" >"$work/answers.ndjson"
check "every request is answered once" test "$(wc -l <"$work/answers.ndjson")" -eq 4
check "every answer satisfies feeds/schema/trace.json" /usr/bin/python3 tests/schema_check.py --ndjson feeds/schema/trace.json "$work/answers.ndjson"
check "top passes the answers over" test "$("$program" top "$work/out.ndjson" 2>&1 | grep -c 'could not be read')" -eq 0
screen --set topics.traces= --out "$work/off.ndjson" "$world/input.ndjson"
check "without a topic none is written" test "$(grep -c '"topic":"tw.traces"' "$work/off.ndjson")" -eq 0
check "and all else is the same" cmp <(grep -v '"topic":"tw.traces"' "$work/out.ndjson") "$work/off.ndjson"

trace --format json 'Samplearms|AB01417' >"$work/known.json"
check "a mark that was seen ends with 0" test $? -eq 0
check "the command knows what the answer knew, and the requests that came since" /usr/bin/python3 - "$work/known.json" "$work/answers.ndjson" <<'PY'
import json, sys
known = json.load(open(sys.argv[1], encoding="utf-8"))
answer = json.loads(open(sys.argv[2], encoding="utf-8").readline())["value"]["marks"][0]
assert [s for s in known["sightings"] if s["what"] != "trace_requested"] == answer["sightings"], (known, answer)
assert len(known["sightings"]) > len(answer["sightings"])
assert known["status"] == "stolen"
words = [(s["what"], s["match"]) for s in answer["sightings"]]
assert words == [("manufactured", "normalised"), ("certified", "in_range"), ("shipped", "exact"), ("stolen", "normalised"), ("inspected", "exact"),
                 ("shipped", "folded"), ("shipped", "exact"), ("diversion_reported", "exact")], words
assert [s.get("withdrawn") for s in answer["sightings"]].count(True) == 1
assert answer["candidates"] == [{"maker": "OTHERWORKS", "match": "letters"}], answer["candidates"]
assert known["candidates"][0]["match"] == "normalised" and known["candidates"][0]["sightings"] == 1
assert known["disagree"] == [] and known["missing"] == [] and known["identified"]
PY
check "a serial alone names its makers, and says what is missing" /usr/bin/python3 - <(trace --format json 'AB-01417') <<'PY'
import json, sys
trace = json.load(open(sys.argv[1], encoding="utf-8"))
assert [(c["maker"], c["match"]) for c in trace["candidates"]] == [("OTHERWORKS", "normalised"), ("SAMPLEARMS", "normalised")], trace
assert trace["disagree"] == ["maker"] and "model" in trace["missing"] and not trace["identified"]
assert trace["candidates"][1]["status"] == "stolen"
PY
check "a lot is found under its maker, and what looks like it under another" /usr/bin/python3 - <(trace --format json 'samplearms|L07X') <<'PY'
import json, sys
trace = json.load(open(sys.argv[1], encoding="utf-8"))
assert [(s["consignment"], s["match"]) for s in trace["sightings"] if s["what"] == "shipped"] == [("LOTS1", "normalised")], trace
assert [(c["maker"], c["match"]) for c in trace["candidates"] if c.get("maker")] == [("OTHERWORKS", "folded")], trace
PY
trace 'Samplearms|AB01417' 'ZZ9' >"$work/text"
check "a mark that nobody saw ends with 1" test $? -eq 1
check "and says so" grep -q 'Nothing is on record of it' "$work/text"
check "the timeline is in order of time" test "$(sed -n 's/^  \(20[0-9-]* [0-9:]*\) .*/\1/p' "$work/text" | sort -c 2>&1)" = ""
check "no mark is a usage error" test "$(trace >/dev/null 2>&1; echo $?)" -eq 64
check "a mark without a serial is a usage error" test "$(trace 'Samplearms|' >/dev/null 2>&1; echo $?)" -eq 64
check "a format that is none is a usage error" test "$(trace --format yaml X1 >/dev/null 2>&1; echo $?)" -eq 64
check "a file that is not there ends with 66" test "$("$program" trace --over "$work/none" X1 >/dev/null 2>&1; echo $?)" -eq 66
check "standard input is a file too" grep -q 'reported stolen' <("$program" trace --quiet --over - 'Samplearms|AB01417' <"$world/input.ndjson" 2>&1)
exits 0 "$program" trace SX2001 --over feeds/sample/traffic.ndjson
check "without a maker it says how to ask" out_has 'Nobody stated it without its maker. Ask "MAKER|SERIAL" of one of these:'
exits 0 "$program" trace 'Nobody|SX2001' --over feeds/sample/traffic.ndjson
check "under another maker it says that" out_has "Nothing is on record of it under that maker."
exits 66 "$program" trace SX2001 --over "$work/none.ndjson"
check "a missing file is named in one line" err_has "tidewaiter trace: $work/none.ndjson: cannot read the input file"
checks_end
