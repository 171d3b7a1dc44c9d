#!/usr/bin/env bash
# The same event sent twice adds nothing; another event under its source and id is judged and counted; both are told apart by every byte.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/checks.sh

screen() { # name, more...
	local name=$1
	shift
	"$program" screen --config feeds/sample/tidewaiter.yaml --set random.share_ppm=1000000 --out "$work/$name" "$@" 2>"$work/$name.said"
}

said() { grep -qF -- "$2" "$work/$1.said" || { cat "$work/$1.said" && return 1; }; }

head -n 200 feeds/sample/traffic.ndjson >"$work/events"
screen once "$work/events"
screen twice "$work/events" "$work/events"
check "a file screened after itself gives the output of the file" cmp "$work/once" "$work/twice"
check "and says how many it passed over" said twice "200 duplicates passed over, 0 conflicting"
screen off --set duplicates.window=0 "$work/events" "$work/events"
check "without a window every copy counts" test "$(wc -l <"$work/off")" -gt "$(wc -l <"$work/once")"
grep '"topic": *"tw.manifests"' feeds/sample/traffic.ndjson | head -n 100 >"$work/manifests"
screen within --set duplicates.window=100 --set batch.events=50 "$work/manifests" "$work/manifests"
check "a copy that is exactly a window back is passed over" said within "100 duplicates passed over"
screen beyond --set duplicates.window=99 --set batch.events=49 "$work/manifests" "$work/manifests"
check "a copy from before the window counts" test "$(grep -c duplicate "$work/beyond.said")" -eq 0

python3 - "$work/events" "$work/changed" "$work/elsewhere" <<'PYTHON'
import json, sys
line = next(line for line in open(sys.argv[1], encoding="utf-8") if json.loads(line)["topic"] == "tw.manifests")
event = json.loads(line)
print(line.rstrip(), file=open(sys.argv[3], "w", encoding="utf-8"))
event["value"]["unknown_member"] = 1
with open(sys.argv[2], "w", encoding="utf-8") as out:
    print(line.rstrip(), file=out)
    print(json.dumps(event, ensure_ascii=False), file=out)
    print(line.rstrip(), file=out)
event = json.loads(line)
event["partition"] = 1
print(json.dumps(event, ensure_ascii=False), file=open(sys.argv[3], "a", encoding="utf-8"))
PYTHON
screen judged "$work/changed"
check "other content under the same source and id is judged, and the first content is still known" said judged "1 duplicate passed over, 1 conflicting"
check "and judged it is" test "$(grep -c '"topic":"tw.alerts"' "$work/judged")" -eq 2
rule() { # name: the reasons that a changed copy is given
	grep '"topic":"tw.alerts"' "$work/$1" | python3 -c '
import json, sys
for alert in map(json.loads, sys.stdin):
    for reason in alert["value"]["reasons"]:
        if reason["rule"].startswith("integrity-reused-id-"):
            print(alert["value"]["input"]["offset"], reason["rule"], reason["points"], [e["pointer"] for e in reason["evidence"]], reason["because"])'
}
rule judged >"$work/reasons"
check "its alert says so, with the id as evidence and the place of the other" grep -qE "^1 integrity-reused-id-manifest 30 \['/id'\] Event .* \(offset 0\)" "$work/reasons"
check "and no other alert does" test "$(wc -l <"$work/reasons")" -eq 1
screen alone --set random.share_ppm=0 "$work/changed"
check "that reason alone makes an alert" test "$(rule alone | wc -l)" -eq 1
check "and said by its place" said judged "event=conflicting_event"
screen elsewhere "$work/elsewhere"
check "a window is of one partition" test "$(grep -c duplicate "$work/elsewhere.said")" -eq 0
status=0
screen small --set duplicates.window=99 --set batch.events=50 "$work/events" || status=$?
check "a window smaller than two batches is refused" test "$status" -eq 78
checks_end
