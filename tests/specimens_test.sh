#!/usr/bin/env bash
# The specimen register and the table of makers' serials as files: what check says of them, what is refused, and that alerts depend on them.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

config=feeds/sample/tidewaiter.yaml
header=country,authority,office,name,position,from,to,reference
says() { exits "$1" "$program" check --config "$config" --set "specimens.path=$work/rows.csv"; }
refused() { printf '%s\n' "$header" "$1" >"$work/rows.csv" && says 78; }

day() { date -u -d "$1" +%F; }
printf '%s\n' "$header" "PT,Sample Ministry,Lisboa,Anna Yarrowby,Director,2024-01-01,$(day '7 days'),note 1" "PT,Sample Ministry,Porto,,,,$(day '-1 day')," \
	"GH,,Tema,,,,," >"$work/rows.csv"
check "check accepts a register" says 0
check "check counts" out_has "specimens  1 signatories and 2 offices of 2 countries, 1 whose time ended"
check "check names whose time ends soon" out_has "line 2: Anna Yarrowby ends on $(day '7 days'), in 7 days"

check "a row of nobody is refused" refused 'PT,,,,Director,,,'
check "with its line" err_has "rows.csv:2:6: a specimen of nobody"
check "a country that is none is refused" refused 'Portugal,A,,,,,,'
check "a day that is none is refused" refused 'PT,A,,,,yesterday,,'
check "a file that is not there is refused" exits 78 "$program" check --config "$config" --set "specimens.path=$work/none.csv"

issued() { printf '{"topic":"tw.certificates","value":{"id":"%s","type":"certificate.issued","time":"2026-01-12T09:00:00Z","source":"t","certificate":{"number":"%s","issuer":{"country":"PT","authority":"Sample Ministry","office":"Lisboa"},"issued":"2026-01-12","final_destination":"PT","end_use":"own forces","contract":{"number":"C-1"},"signatories":[{"name":"%s","signed":"2026-01-12"}],"parties":[{"role":"end_user","name":"Sample Border Guard","country":"PT","kind":"government"}],"assurances":{"no_reexport":true},"items":[{"line":1,"description":"Rifles","hs":"930190","quantity":5,"unit":"C62"}]}}}\n' "$1" "$1" "$2"; }
{ issued P-1 "Dario Holmquist"; issued P-2 "YARROWBY, Anna"; } >"$work/in.ndjson"
printf '%s\n' "$header" "PT,Sample Ministry,Lisboa,Anna Yarrowby,Director,2024-01-01,2026-12-31,note 1" >"$work/rows.csv"
screened() { "$program" screen --quiet --config "$config" --out "$work/out.ndjson" "$@" "$work/in.ndjson"; }
check "screening with the register" screened --set "specimens.path=$work/rows.csv"
check "who is not in it is told of" grep -q '"rule":"euc-signatory-unknown".*Dario Holmquist' "$work/out.ndjson"
check "who is in it is not" test "$(grep -c 'euc-signatory' "$work/out.ndjson")" -eq 1
check "screening without it" screened
check "says nothing of signatories" test "$(grep -c 'euc-signatory' "$work/out.ndjson")" -eq 0

forms() { exits "$1" "$program" check --config "$config" --set "serial_forms.path=$work/forms.csv"; }
printf '%s\n' 'maker,model,form,source' 'Samplearms,,"[A-Z]{2}[0-9]{4,6}",letter' 'Samplearms,SR-9,"9[0-9]{6}K?",register' >"$work/forms.csv"
check "check accepts a table of serials" forms 0
check "check counts its rows" out_has "forms      2 forms of serials of 1 makers"
printf '%s\n' 'maker,model,form,source' 'Samplearms,,"[A-Z+",letter' >"$work/forms.bad"
check "a form that is none is refused" exits 78 "$program" check --config "$config" --set "serial_forms.path=$work/forms.bad"
check "with its line, too" err_has "forms.bad:2:13: "
check "the table that ships is empty and sound" exits 0 "$program" check --config "$config" --set "serial_forms.path=feeds/serial_forms.csv"
shipped() { printf '{"topic":"tw.manifests","value":{"id":"%s","type":"consignment.declared","time":"2026-03-02T08:00:00Z","source":"t","consignment":{"id":"%s","items":[{"line":1,"description":"Rifle","hs":"930190","make":"Samplearms","quantity":1,"unit":"C62","markings":[{"kind":"serial","value":"%s"}]}]}}}\n' "$1" "$1" "$2"; }
{ shipped S-1 AD0117; shipped S-2 AD01X7; } >"$work/in.ndjson"
check "screening with the table" screened --set "serial_forms.path=$work/forms.csv"
check "a serial that its maker does not form so is told of" grep -q '"consignment":"S-2".*"rule":"marking-ill-formed"' "$work/out.ndjson"
check "the other is not" test "$(grep -c 'marking-ill-formed' "$work/out.ndjson")" -eq 1
digest() { python3 -c 'import json, sys; print(json.loads(open(sys.argv[1]).readline())["value"]["snapshot"]["digest"])' "$work/out.ndjson"; }
with=$(digest)
check "screening without a table" screened
check "says nothing of forms" test "$(grep -c 'marking-ill-formed' "$work/out.ndjson")" -eq 0
check "the table counts into the digest" test "$with" != "$(digest)"
checks_end
