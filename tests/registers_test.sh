#!/usr/bin/env bash
# The registers that a centre maintains, as files: what lint says of them, what check counts, what a load refuses, and what alerts depend on.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

config=feeds/sample/tidewaiter.yaml
bands=end_user,country,hs,control_code,per,low,high,unit,from,to,source
marks=serial,maker,model,calibre,country,status,reported_on,reference,from,to
json() { python3 -c "import json, sys; rows = [json.loads(line) for line in open('$work/out')]; sys.exit(0 if ($1) else repr(rows)[:400])"; }
day() { date -u -d "$1" +%F; }

# ---- lint ----
printf '%s\n' "$bands" 'Sample Guard,QZ,9301,,certificate,10,5x0,C62,,,n' ',QZ,9301,,certificate,10,50,C62,2024-13-01,,' 'C,QZ' >"$work/bands.csv"
check "bands that are wrong end with 65" exits 65 "$program" registers lint "$work/bands.csv"
check "... with place and code" out_has 'bands.csv:2:38: error: not a number: "5x0" [TW-G-0202]'
check "... the line" out_has '     2 | Sample Guard,QZ,9301,,certificate,10,5x0,C62,,,n'
check "... the caret" out_has '       |                                      ^'
check "... all of them" out_has 'bands.csv:3:33: error: not a day (YYYY-MM-DD): "2024-13-01" [TW-G-0200]'
check "... a row of another width too" out_has 'bands.csv:4:1: error: a row with the wrong number of columns: 2 columns, expected 11 [TW-G-0104]'
check "... and counts" out_has "5 errors, 0 warnings in 1 file"
printf '%s\n' country,authority,office,name,position,from,to,reference 'Portugal,A,,,,,,' 'PT,,,,Director,2024-02-01,2024-01-01,' >"$work/specimens.csv"
check "a specimen register is known by its header" exits 65 "$program" registers lint --format json "$work/specimens.csv"
check "... one object a finding" json "[(r['code'], r['line'], r['column']) for r in rows] == [('TW-G-0201', 2, 1), ('TW-G-0302', 3, 6), ('TW-G-0401', 3, 27)]"
printf '%s\n' "$marks" 'AB1,S,,,XX,lost,,,,' ',S,,,,stolen,2025-01-01,,AB0001,AB0100' '-,S,,,,lost,,,,' >"$work/marks.csv"
check "what a load passes over is a warning" exits 0 "$program" registers lint --format github "$work/marks.csv"
check "... as an annotation" out_has "::warning file=$work/marks.csv,line=4,col=1,title=TW-G-0801::a row without a serial"
printf '%s\n' 'State,Serial No' 'found,AB 1417' >"$work/theirs.csv"
check "columns with other names" exits 65 "$program" registers lint --set "markings.columns=serial=Serial No,status=State" "$work/theirs.csv"
check "... are shown as they stand" out_has 'theirs.csv:2:1: error: a status that is none of lost, stolen, destroyed: "found" [TW-G-0204]'
check "the configured ones" exits 65 "$program" registers lint --config "$config" --set "quantities.path=$work/bands.csv" --set "markings.path=$work/marks.csv"
check "... all of them" out_has "5 errors, 1 warning in 2 files"
check "none is configured" exits 0 "$program" registers lint --config "$config"
check "... and it says so" out_has "in 0 files: none is named, and none of specimens.path, quantities.path, serial_forms.path, markings.path is set"
check "no such file" exits 78 "$program" registers lint "$work/none.csv"
check "neither lint nor codes" exits 64 "$program" registers look
check "build without a place" exits 64 "$program" registers build
check "build without a list" exits 78 "$program" registers build --config "$config" --out "$work/none"
python3 -c 'print("serial,maker,model,calibre,country,status,reported_on,reference"); [print("AB%07d,S,,,XA,lost,,"%i) for i in range(2000000)]' >"$work/many.csv"
at_terminal() { script -qec "'$program' registers build --set markings.path=$work/many.csv --out $work/many.marks $*" /dev/null; }
check "a long list shows how far it is" bash -c "$(declare -p program work); $(declare -f at_terminal); at_terminal | grep -q '%  [0-9]* rows .* left'"
check "... unless it is to be quiet" bash -c "$(declare -p program work); $(declare -f at_terminal); ! at_terminal --quiet | grep -q left"
check "the codes" exits 0 "$program" registers codes
check "... are those of the README" python3 -c "import sys; sys.exit(open('$work/out').read() not in open('README.md').read())"

# ---- the example ----
printf '%s\n' 'maker,model,form,source' 'Samplearms,,[A-Z,letter' ',,[0-9]{6},letter' 'Samplearms,,"[A-Z]{2}[0-9]{4,6}",letter' >"$work/forms.csv"
check "forms of serials that are wrong end with 65" exits 65 "$program" registers lint "$work/forms.csv"
check "... each with its place" out_has 'forms.csv:2:13: error: '
check "... and its code" out_has 'forms.csv:3:1: error: a form of serials needs its maker, the form and where it comes from'
check "... a good row is none of them" out_has '2 errors, 0 warnings in 1 file'
check "the configured forms too" exits 65 "$program" registers lint --set "serial_forms.path=$work/forms.csv"
check "the shipped table is good" exits 0 "$program" registers lint feeds/serial_forms.csv
check "the sample's bands are good" exits 0 "$program" registers lint feeds/sample/quantities.csv
check "... without a warning" out_has "0 errors, 0 warnings in 1 file"

# ---- a load ----
check "a load names the first fault's field" exits 78 "$program" check --config "$config" --set "quantities.path=$work/bands.csv"
check "... with its place" err_has "bands.csv:2:38: not a number"
printf '%s\n' "$bands" "Sample Guard,QZ,9301,,certificate,10,500,C62,2024-01-01,$(day '7 days'),note 118" "Old Guard,QY,,,365 days,,900,C62,,$(day '-1 day'),note 119" >"$work/bands.csv"
check "check accepts bands" exits 0 "$program" check --config "$config" --set "quantities.path=$work/bands.csv"
check "check counts" out_has "quantities 2 bands for end-users of 2 countries, 1 whose time ended"
check "check names whose time ends soon" out_has "line 2: the band of Sample Guard ends on $(day '7 days'), in 7 days"
check "check counts marks and ranges" exits 0 "$program" check --config "$config" --set "markings.path=$work/marks.csv"
check "... by status" out_has "markings   1 lost, 1 stolen, 0 destroyed, 1 of them a range"

# ---- a list of marks compiled, and its last good copy ----
marked() { exits "$1" "$program" check --config "$config" --set "markings.path=$work/$2" --set "last_good.path=$work/kept"; }
check "a list is compiled" exits 0 "$program" registers build --config "$config" --set "markings.path=$work/marks.csv" --out "$work/marks.compiled"
check "... and it says what" out_has "2 reports, 1 of them a range, compiled to $work/marks.compiled"
check "the compiled list may be configured" marked 0 marks.compiled
check "... and is mapped" out_has "markings   1 lost, 1 stolen, 0 destroyed, 1 of them a range, mapped"
printf 'x' | dd of="$work/marks.compiled" bs=1 seek=600 conv=notrunc 2>/dev/null
check "a damaged one is refused" marked 70 marks.compiled
check "... in words" err_has "the compiled marks are damaged"
check "check keeps nothing" test ! -e "$work/kept/markings.last-good"
printf '{"topic":"tw.manifests","value":{"id":"k1","type":"consignment.declared","time":"2026-02-12T09:00:00Z","source":"t","consignment":{"id":"K1","items":[{"line":1,"description":"Rifle","hs":"930190","make":"S","quantity":1,"unit":"C62","markings":[{"kind":"serial","value":"ab-0050"}]}]}}}\n' >"$work/k.ndjson"
kept() { "$program" screen --config "$config" --out "$work/k.out" --set "markings.path=$work/marks.csv" --set "last_good.path=$work/kept" "$work/k.ndjson" 2>"$work/err"; }
check "screening with a list that is read" kept
cp "$work/k.out" "$work/k.read"
# As `run` keeps it: the copy is a compiled list.
mkdir "$work/kept" && exits 0 "$program" registers build --config "$config" --set "markings.path=$work/marks.csv" --out "$work/kept/markings.last-good"
check "a load maps the copy of the same bytes" marked 0 marks.csv
check "... as the same list" out_has "1 of them a range, mapped"
kept && check "... with the same alerts" cmp "$work/k.out" "$work/k.read"
cp "$work/marks.csv" "$work/marks.good" && sed -i 's/stolen/stoln/' "$work/marks.csv"
check "a broken list is replaced by its copy" kept
check "... the log says so" err_has 'list_stale list=markings used="its last good copy"'
check "... and where" err_has "marks.csv:3:7"
check "... the alert is there all the same" grep -q '"rule":"marking-stolen"' "$work/k.out"
check "check ends with 65" marked 65 marks.csv
check "... and says so" out_has "LAST GOOD COPY: $work/marks.csv:3:7: a status that is none of lost, stolen, destroyed"
printf '%s\n' "$marks" 'AB1,S,,,XX,lost,,,,' >"$work/marks.csv"
check "a list that lost half is one of these" marked 65 marks.csv
check "... unless that is allowed" exits 0 "$program" check --config "$config" --set "markings.path=$work/marks.csv" --set "last_good.path=$work/kept" --set markings.shrink_ppm_max=500000
cp "$work/marks.good" "$work/marks.csv"

# ---- what alerts depend on ----
printf '{"topic":"tw.certificates","value":{"id":"q1","type":"certificate.issued","time":"2026-01-12T09:00:00Z","source":"t","certificate":{"number":"Q-1","issuer":{"country":"QZ","authority":"Sample Ministry"},"issued":"2026-01-12","final_destination":"QZ","end_use":"own forces","contract":{"number":"C-1"},"signatories":[{"name":"A. Sample","signed":"2026-01-12"}],"parties":[{"role":"end_user","name":"Guard, Sample","country":"QZ","kind":"government"}],"assurances":{"no_reexport":true},"items":[{"line":1,"description":"Rifles","hs":"930190","quantity":900,"unit":"C62"}]}}}\n' >"$work/in.ndjson"
printf '{"topic":"tw.manifests","value":{"id":"q2","type":"consignment.declared","time":"2026-02-12T09:00:00Z","source":"t","consignment":{"id":"Q1","parties":[{"role":"consignee","name":"Sample Guard","country":"QZ"}],"items":[{"line":1,"description":"Rifles","hs":"930190","make":"S","quantity":20,"unit":"C62","markings":[{"kind":"serial_range","from":"AB0091","to":"AB0110"}]},{"line":2,"description":"Rifle","hs":"930190","make":"S","quantity":1,"unit":"C62","markings":[{"kind":"serial","value":"ab-0050"}]}]}}}\n' >>"$work/in.ndjson"
screened() { "$program" screen --quiet --config "$config" --out "$work/out.ndjson" "$@" "$work/in.ndjson"; }
check "screening with registers" screened --set "quantities.path=$work/bands.csv" --set "markings.path=$work/marks.csv"
check "more than is plausible is told of" grep -qF 'Certificate Q-1 states 900 for Guard, Sample; row 2 of the centre'"'"'s quantity bands has 500 at most.' "$work/out.ndjson"
check "a serial in a range that was reported stolen" grep -q '"rule":"marking-stolen"' "$work/out.ndjson"
check "a range that meets it" grep -q '"rule":"marking-in-range"' "$work/out.ndjson"
check "screening without them" screened
check "... tells of neither" test "$(grep -c 'quantity-implausible\|marking-stolen\|marking-in-range' "$work/out.ndjson")" -eq 0
checks_end
