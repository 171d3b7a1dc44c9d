#!/usr/bin/env bash
# `screen --only-delta`: stored events against a new edition of a list; only hits that the edition before could not give come out.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

alerts() { # file, expected: consignment and names that are new, a line an alert
	python3 - "$1" "$2" <<'PY'
import json, sys
rows = [json.loads(line)["value"] for line in open(sys.argv[1]) if '"tw.alerts"' in line]
got = "\n".join("%s: %s" % (row["consignment"], ", ".join(match["name"] for match in row["matches"] if match.get("new"))) for row in rows)
if got != sys.argv[2]:
    sys.exit("got:\n%s\nnot:\n%s" % (got, sys.argv[2]))
PY
}

printf 'id,name,kind,aliases\n1,Quillfeather Arms Works,organisation,\n' >"$work/old.csv"
printf 'id,name,kind,aliases\n1,Quillfeather Arms Works,organisation,Umbrel Ordnance\n2,Heron Gull Carriers,organisation,\n' >"$work/new.csv"
number=0
for name in "Quillfeather Arms Works" "Heron Gull Carriers" "Umbrel Ordnance" "Kestrel Bay Bakery"; do
	number=$((number + 1))
	printf '{"id":"e%d","type":"consignment.declared","time":"2026-02-0%dT10:00:00Z","source":"port","consignment":{"id":"M%d","parties":[{"role":"consignee","name":"%s","country":"XA"}],"items":[{"line":1,"description":"Pumps"}]}}\n' \
		"$number" "$number" "$number" "$name"
done >"$work/events.ndjson"
mkdir "$work/rules"
sed -e 's/party-listed-ofac/party-watched/; s/lists: \[ofac-sdn\]/lists: [watch]/; s/list: ofac-sdn/list: watch/' rules/packs/parties/party-listed-ofac.yaml >"$work/rules/party-watched.yaml"
list=(--set "lists=[{id: watch, format: watch-csv, path: $work/new.csv}]")
screen=("$program" screen "${list[@]}" --set "rules.paths=[$work/rules]" --set random.share_ppm=0 --topic tw.manifests)

check "the edition before is compiled" exits 0 "$program" lists build --list "watch=watch-csv:$work/old.csv" --out "$work/before.twl"
check "all hits of the new edition" exits 0 "${screen[@]}" --out "$work/all" "$work/events.ndjson"
check "... are three" alerts "$work/all" $'M1: \nM2: \nM3: '
check "only what is news" exits 0 "${screen[@]}" --only-delta "$work/before.twl" --out "$work/news" "$work/events.ndjson"
check "... is the entry that came and the name that was gained" alerts "$work/news" $'M2: Heron Gull Carriers\nM3: Umbrel Ordnance'
check "... and top ranks it" exits 0 "$program" top "$work/news"
check "the same edition has no news" exits 0 "$program" lists build --list "watch=watch-csv:$work/new.csv" --out "$work/same.twl"
check "... and no alert" exits 0 "${screen[@]}" --only-delta "$work/same.twl" --out "$work/none" "$work/events.ndjson"
check "... at all" alerts "$work/none" ""
check "a list that was not there is all news" exits 0 "$program" lists build --list "other=watch-csv:$work/old.csv" --out "$work/other.twl"
check "... which is said" exits 0 "${screen[@]}" --only-delta "$work/other.twl" --out "$work/all2" "$work/events.ndjson"
check "... once, by name" grep -q 'event=list_all_new list=watch' "$work/err"
check "another run does not go on from this one" exits 78 "${screen[@]}" --resume --out "$work/news" "$work/events.ndjson"
check "no such file" exits 78 "${screen[@]}" --only-delta "$work/nowhere" --out "$work/x" "$work/events.ndjson"
check "a file that is none" exits 78 "${screen[@]}" --only-delta README.md --out "$work/x" "$work/events.ndjson"
checks_end
