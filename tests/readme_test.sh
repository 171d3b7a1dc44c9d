#!/usr/bin/env bash
# What the README shows is what the program does: the settings table, the example configuration, the commands' names.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

grep '^| `' README.md | grep -E '^\| `[a-z_]+(\.[a-z_]+)?` \| (text|secret|whole number|word|path|paths|lists|mapping|true or false|switch)' >"$work/readme"
"$program" config table | grep '^| `' >"$work/program"
check "the settings table is the program's" diff "$work/readme" "$work/program"

sed -n '/^# tidewaiter.yaml$/,/^```$/p' README.md | sed '$d' >"$work/tidewaiter.yaml"
check "the example configuration is accepted" env KAFKA_PASSWORD=x TIDEWAITER_RANDOM_KEY=0123456789abcdef "$program" config show --redact --config "$work/tidewaiter.yaml"
cp "$work/said" "$work/shown"
check "a key that is set is shown as set" grep -qF 'key: "•••"' "$work/shown"
check "a secret is not printed" sh -c "! grep -q 0123456789abcdef '$work/shown'"

for command in run screen top check lists state config version help; do
	check "tidewaiter help $command" "$program" help "$command"
done
for target in demo test bench lint check-layers check-headers fmt deps asan ubsan fuzz install clean; do
	check "make help names $target" sh -c "make help | grep -q '^  $target '"
done
while read -r link; do
	check "the link $link leads somewhere" test -e "$link"
done < <(grep -oE '\]\([a-zA-Z][^):#]*\)' README.md | tr -d '](),' | sort -u | grep -v '^http' | grep -v RESULTS)
grep -E '^#+ ' README.md | sed -E 's/^#+ //' | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-' >"$work/anchors"
while read -r anchor; do
	check "the link #$anchor leads somewhere" grep -qxF -- "$anchor" "$work/anchors"
done < <(grep -oE '\]\(#[^)]*\)' README.md | tr -d ']()#' | sort -u)

# The story as it is drawn under "From certificate to hold": time, lane and points of its alerts.
"$program" screen --quiet --config feeds/sample/tidewaiter.yaml --out "$work/story.ndjson" feeds/sample/story.ndjson 2>/dev/null
sed -n '/^## From certificate to hold$/,/^## /p' README.md | sed -nE 's/^ ([0-9]{2}-[0-9]{2}) ?([0-9:]*) .*(RED|YELLOW) ([0-9]+).*/\1 \2 \3 \4/p' | tr 'A-Z' 'a-z' >"$work/drawn"
python3 - "$work/story.ndjson" >"$work/told" <<'EOF'
import json, sys
for line in open(sys.argv[1]):
    row = json.loads(line)
    if row["topic"] == "tw.alerts":
        alert = row["value"]
        print(alert["raised"][5:10], alert["raised"][11:16], alert["lane"], alert["points"])
EOF
check "the story is drawn as it is told" diff "$work/drawn" "$work/told"
check "... in five lines or so" test "$(wc -l <"$work/told")" -ge 4

# What the demo ends with: every line of the two blocks stands in what the program prints on 120 columns.
"$program" screen --quiet --config feeds/sample/tidewaiter.yaml --out "$work/demo.ndjson" feeds/sample/real_bills.ndjson feeds/sample/traffic.ndjson feeds/sample/damaged.ndjson 2>/dev/null
COLUMNS=120 "$program" top --capacity 8 "$work/demo.ndjson" >"$work/top"
COLUMNS=120 "$program" top --explain TWS26000500 "$work/demo.ndjson" >"$work/explained"
sed -n '/^[0-9]* alerts: /,/^```$/p' README.md | sed '$d' >"$work/top.drawn"
sed -n '/^RED  110 points /,/^```$/p' README.md | sed '$d' >"$work/explained.drawn"
for name in top explained; do
	check "the demo's output is drawn ($name)" test "$(wc -l <"$work/$name.drawn")" -ge 20
	check "... as it is" diff /dev/null <(grep -vxFf "$work/$name" "$work/$name.drawn")
done

# Every red flag has its row, and every rule that a row names is in the packs.
sed -n '/^## Red flags$/,/^## The tools$/p' rules/README.md | grep '^| [0-9]' >"$work/flags"
check "every red flag has a row" diff <(seq 68) <(sed -E 's/^\| ([0-9]+) .*/\1/' "$work/flags")
check "the rules that answer red flags are shipped" diff /dev/null <(grep -oE '`[a-z-]+`' "$work/flags" | tr -d '`' | grep -v '^-late$' | sort -u |
	while read -r rule; do ls rules/packs/*/"$rule.yaml" >/dev/null 2>&1 || echo "$rule"; done)
checks_end
