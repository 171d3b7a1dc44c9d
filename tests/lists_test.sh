#!/usr/bin/env bash
# `tidewaiter lists` on the shipped sample: a name that hits, one that misses, a file of names with broken rows, two editions, a day, the known good.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

out_lacks() { ! grep -qF -- "$1" "$work/out"; }
lists() { "$program" lists "$@" --quiet; }
json() { python3 -c "import json, sys; rows = [json.loads(line) for line in open('$work/out')]; sys.exit(0 if ($1) else repr(rows)[:400])"; }

# ---- stat ----
check "stat reads the samples" exits 0 lists stat
check "stat counts by kind" out_has "1003: 730 persons, 273 organisations, 0 vessels"
check "stat says what the issuer cut" out_has "remarks that the issuer's own field width cut"
check "stat --json is one object a list" exits 0 lists stat --json
check "stat --json counts" json "[r['entries'] for r in rows] == [1003, 7379] and len(rows[0]['digest']) == 64 and rows[1]['bytes'] > 0"
check "stat of a --list that is not there" exits 78 lists stat --list "a=un-xml:$work/none.xml" --list b=ofac-csv:feeds/sample/lists/ofac
check "... still shows the other" out_has "7379: 3845 persons"
check "a format nobody knows names the nearest" exits 78 lists stat --list a=un-xmm:x
check "... and says so" err_has 'did you mean "un-xml"'
check "a --list that is none" exits 78 lists stat --list nonsense
check "... is refused in a sentence" err_has "tidewaiter: --list: a list is ID=FORMAT:PATH: nonsense"
check "stat says what has no day" sh -c "'$program' lists stat --quiet --list o=ofac-csv:feeds/sample/lists/ofac | grep -F 'a day that the file does not state'"
printf 'id,name,kind,country\nA-1,Orla Quillfeather,person,Ruritanian\nA-2,Tern Marsh,person,Iraqi\n' >"$work/watch.csv"
check "a country that nobody knows" exits 0 lists stat --list w=watch-csv:"$work/watch.csv"
check "... is counted with its line" out_has "1  a country that the code lists do not have, first on line 2"
check "a list of another kind" exits 78 lists stat --list w=uk-jsonl:"$work/watch.csv"
check "... says what was met" err_has "3 of 3, at most 0 in a million; first: a line that is no JSON object"
: >"$work/none.xml.empty"
check "an empty list" exits 78 lists stat --list w=un-xml:"$work/none.xml.empty"
check "... is called empty" err_has "the list is empty"
check "at a terminal screen complains in a sentence" sh -c "python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' '$program' screen '$work/no-such.ndjson' --quiet >'$work/out' 2>&1; [ \$? -eq 66 ]"
check "... without a log line" sh -c "grep -F 'tidewaiter: ' '$work/out' && ! grep -F 'event=' '$work/out'"
check "... and into a pipe as a line of its log" sh -c "'$program' screen '$work/no-such.ndjson' --quiet 2>&1 | grep -F 'event=cannot_start'"

# ---- build ----
compiled() { "$program" lists "$@" --quiet --set "compiled.path=$work/all.twl"; }
check "build compiles the samples" exits 0 "$program" lists build --out "$work/all.twl"
check "... and says what" out_has "2 lists, 8382 entries"
check "a name is asked of the compiled file alone" exits 0 "$program" lists search "Eric Badege" --set lists=[] --set "compiled.path=$work/all.twl"
check "... which has two lists" out_has "names of 2 lists"
check "build without --out" exits 64 lists build
check "build with operands" exits 64 lists build more --out "$work/x"
check "build into a folder that is not there" exits 74 lists build --out "$work/none/x"
check "a list that is refused refuses all" exits 78 lists build --out "$work/all.twl" --list "a=un-xml:$work/none.xml" --list b=ofac-csv:feeds/sample/lists/ofac
check "stat of a compiled file" exits 0 compiled stat --json
check "... counts as the sources do" json "[(r['id'], r['entries']) for r in rows] == [('un-sc', 1003), ('ofac-sdn', 7379)]"
check "a search in the sources" exits 0 lists search "Erik Badege" --json
cp "$work/out" "$work/sources.json"
check "a search in the compiled file" exits 0 compiled search "Erik Badege" --json
check "... says the same" cmp "$work/out" "$work/sources.json"
check "two compiled files are compared" exits 0 lists diff "$work/all.twl" "$work/all.twl" --format compiled
check "... entry by entry" out_has "0 added, 0 removed, 0 changed, 8382 the same"
check "another set of lists" exits 0 lists build --out "$work/un.twl" --list un-sc=un-xml:feeds/sample/lists/un/UN_consolidated_2026-02-27.xml
check "... differs" exits 1 lists diff "$work/un.twl" "$work/all.twl" --format compiled
check "... by list" out_has "+ ofac-sdn "
check "screen with the lists' own files" exits 0 "$program" screen --config feeds/sample/tidewaiter.yaml --quiet feeds/sample/traffic.ndjson --out "$work/read.ndjson"
check "screen with the compiled file" exits 0 "$program" screen --config feeds/sample/tidewaiter.yaml --quiet feeds/sample/traffic.ndjson --out "$work/mapped.ndjson" --set "compiled.path=$work/all.twl"
check "... the same alerts to the byte" cmp "$work/read.ndjson" "$work/mapped.ndjson"
check "check names the compiled file" exits 0 "$program" check --set "compiled.path=$work/all.twl"
check "... where lists are said" out_has "lists      2, mapped from $work/all.twl"
head -c 100000 "$work/all.twl" >"$work/cut.twl"
check "a cut file is refused" exits 70 "$program" check --set "compiled.path=$work/cut.twl"
check "... and says why" err_has "it is cut off"
cp -r feeds/reference "$work/reference"
echo "# another word" >>"$(ls "$work"/reference/*.csv | head -n 1)"
check "a file made with other code lists is refused" exits 78 lists search Badege --set "compiled.path=$work/all.twl" --set "reference.path=$work/reference"
check "a foreign file is refused" exits 78 "$program" check --set compiled.path=README.md

# ---- search ----
check "a listed name hits in any word order" exits 0 lists search "Badege, Eric"
check "... in both lists" out_has "2 hits for"
check "... with the name that hit" out_has "ERIC BADEGE (primary)"
check "words without quotes are one name" exits 0 lists search Eric Badege
check "country and birth are compared" exits 0 lists search "Eric Badege" --country CD --birth 1971
check "... feature by feature" out_has "country        agrees"
check "an address is compared" exits 0 lists search "Eric Badege" --address "Kigali, Rwanda" --json
check "... and says how it went" json "'address_feature' in rows[0]['hits'][0]"
check "another country contradicts" exits 0 lists search "Eric Badege" --country XA --json
check "... feature by feature, in JSON" json "[h['country_feature'] for h in rows[0]['hits'] if h['list'] == 'un-sc'] == ['contradicts']"
check "a slip of the pen hits" exits 0 lists search "Erik Badege"
check "... and the similarity's parts are shown" out_has "made of        name"
check "a name that nobody has misses" exits 1 lists search "Qwxzzy Pfnkzt"
check "... and is shown as compared" out_has "qwxzzy | pfnkzt"
check "... with nothing near it" out_has "shares a word with it"
check "a vessel is no person" exits 1 lists search "Eric Badege" --kind vessel
check "--min-similarity keeps what reaches it" exits 1 lists search "Eric Badege" --min-similarity 1000000 --kind aircraft
check "--limit says how many more" exits 0 lists search "Eric Badege" --limit 1
check "... on a line of its own" out_has "1 more; --limit 0 shows all"
check "--all shows every name" exits 0 lists search "Eric Badege" --all
check "... by quality" out_has "names"
check "an IMO number hits as a number" exits 0 lists search 9187629
check "... and says which" out_has "imo 9187629"
check "... so it does with its scheme" exits 0 lists search imo:9187629
check "... as papers write it" exits 0 lists search IMO 9187629
check "a slip in it" exits 1 lists search "IMO 9187628"
check "... is told" out_has "no IMO number: its check digit fits neither a ship's nor a company's"
check "... in JSON too" exits 1 lists search imo:9187628 --json
check "... beside no hit" json "rows[0]['identifier'] == 'imo:9187628' and rows[0]['found'] == 0 and 'check digit' in rows[0]['identifier_doubt']"
check "a name with a colon is a name" exits 0 lists search "Eric: Badege"
check "--list stands instead of the configured ones" exits 0 lists search "Eric Badege" --list mine=un-xml:feeds/sample/lists/un/UN_consolidated_2026-02-27.xml
check "... under its own name" out_has "mine CDi.001"

# ---- refusals ----
check "no verb" exits 64 lists
check "an unknown verb" exits 64 lists serach X
check "search without a name" exits 64 lists search
check "a name and a batch" exits 64 lists search X --batch -
check "a kind nobody knows" exits 64 lists search X --kind ghost
check "a country of three letters" exits 64 lists search X --country ABC
check "a birth that is no date" exits 64 lists search X --birth soon
check "a day that is none" exits 64 lists search X --on 2024-02-31
check "a limit that is none" exits 64 lists search X --limit -1
check "a similarity past the whole" exits 64 lists search X --min-similarity 1000001
check "diff without a format" exits 64 lists diff a b
check "a name longer than names are" exits 64 lists search "$(head -c 1100 /dev/zero | tr '\0' a)"

# ---- batch ----
printf 'id;Name;Birth Date;country;kind;note\n1;"Eric Badege";1971;CD;person;x\n2;;;;;\n3;Qwxzzy Pfnkzt;;;;\n4;"broken;;;;\n5;Kestrel;soon;;;\n6;Eric Badege;;ZZZ;;\n7;Eric Badege;;;ghost;\n8;"two\nlines";;;;\n9;Eric Badege;;;vessel;\n' >"$work/names.csv"
check "a CSV batch with broken rows" exits 65 lists search --batch "$work/names.csv"
check "... in the order of the rows" json "[r['line'] for r in rows] == [2, 3, 4, 5, 6, 7, 8, 9, 11]"
check "... with an error where one is" json "[r['line'] for r in rows if 'error' in r] == [3, 5, 6, 7, 8]"
check "... with the hits of the others" json "[r['found'] for r in rows if 'hits' in r] == [2, 0, 0, 0] and rows[0]['id'] == '1'"
printf '{"name":"Eric Badege","id":7}\n\nnot json\n{"name":["x"]}\n{"name":"a","name":"b"}\n{"x":{"name":"y"}}\n{"name":"Badege Eric","birth_date":"1971"}' >"$work/names.ndjson"
check "an NDJSON batch with broken rows" exits 65 lists search --batch "$work/names.ndjson" --limit 1 --out "$work/hits.ndjson"
check "... goes to --out" cp "$work/hits.ndjson" "$work/out"
check "... in the order of the rows, by line" json "[r['line'] for r in rows] == [1, 3, 4, 5, 6, 7] and ['error' in r for r in rows] == [False, True, True, True, True, False]"
check "... with at most --limit hits" json "[(r['found'], len(r['hits'])) for r in rows if 'hits' in r] == [(2, 1), (2, 1)]"
check "standard input gives the same" sh -c "'$program' lists search --batch - --limit 1 --quiet <'$work/names.ndjson' | cmp - '$work/hits.ndjson'"
python3 -c "print('name\n' + 'Eric Badege\n' * 3000 + '\"' + 'x' * 300000 + '\nEric Badege')" >"$work/long.csv"
check "a row far too long costs one row" exits 65 lists search --batch "$work/long.csv" --kind person
check "... and the next one is read" json "len(rows) == 3002 and 'error' in rows[3000] and rows[3001]['found'] == 2 and rows[3001]['line'] == 3003"
printf 'name\nEric Badege\n' >"$work/one.csv"
check "a batch of which every row is read" exits 0 lists search --batch "$work/one.csv"
printf 'name,identifier,kind\n,imo:9187629,\n,9187629,person\nEric Badege,IMO: 9187629,\nEric Badege,imo:1234567,\n,,\n,ghost:9187629,\n,imo:,\n,mmsi:9187629,\n' >"$work/numbers.csv"
check "columns that mean nothing are named" sh -c "'$program' lists search --batch '$work/names.csv' 2>&1 >/dev/null | grep -F 'columns that were not asked with: note'"
check "a batch with numbers, some of no scheme" exits 65 lists search --batch "$work/numbers.csv"
check "... finds an entry by its number alone, with a scheme or without, whatever the kind" json "[[(h['basis'], h['scheme'], h['kind'], h['identifier_feature']) for h in r['hits']] for r in rows[:2]] == [[('identifier', 'imo', 'vessel', 'agrees')]] * 2"
check "... beside those by name" json "[r['found'] for r in rows[2:4]] == [3, 2] and rows[2]['hits'][0]['basis'] == 'identifier' and rows[2]['identifier'] == 'IMO: 9187629'"
check "... and says so of a row with a scheme that is none" json "['error' in r for r in rows] == [False] * 4 + [True] * 3 + [False] and 'SCHEME:NUMBER' in rows[5]['error']"
check "... and never by another scheme" json "rows[7]['found'] == 0"
check "... without a doubt where the check digit fits" json "not any('identifier_doubt' in r for r in rows[:4])"
printf 'name,identifier\n,imo:9187628\n,lei:506700GE1G29325QX364\n' >"$work/slips.csv"
check "numbers that cannot be ones of their scheme" exits 0 lists search --batch "$work/slips.csv"
check "... are said to be none" json "[r['identifier_doubt'][:6] for r in rows] == ['no IMO', 'no LEI']"
printf '{"identifier":9187629}\n{"identifier":"imo:9187629","name":"Eric Badege"}\n' >"$work/numbers.ndjson"
check "a batch of numbers in NDJSON" exits 0 lists search --batch "$work/numbers.ndjson"
check "... is asked the same" json "[r['found'] for r in rows] == [1, 3]"
check "a batch without a name column" sh -c "printf 'a,b\n1,2\n' | '$program' lists search --batch - --quiet; [ \$? -eq 66 ]"
check "an empty batch" sh -c "'$program' lists search --batch /dev/null --quiet; [ \$? -eq 66 ]"
check "a batch that is not there" exits 66 lists search --batch "$work/none.csv"

# ---- diff ----
sample=feeds/sample/lists/un/UN_consolidated_2026-02-27.xml
python3 - "$sample" "$work/old.xml" <<'PY'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
people = re.findall(r"<INDIVIDUAL>.*?</INDIVIDUAL>", text, re.S)
text = text.replace(people[1], "", 1)                                            # came since
text = text.replace(people[2], people[2].replace("<FIRST_NAME>", "<FIRST_NAME>Quondam ", 1), 1)  # reads otherwise
gone = people[3].replace("<REFERENCE_NUMBER>", "<REFERENCE_NUMBER>XX", 1)
text = text.replace(people[3], people[3] + gone, 1)                              # went since
open(sys.argv[2], "w", encoding="utf-8").write(text)
PY
check "two equal editions" exits 0 lists diff "$sample" "$sample" --format un-xml
check "... say so" out_has "0 added, 0 removed, 0 changed, 1003 the same"
check "two editions that differ" exits 1 lists diff "$work/old.xml" "$sample" --format un-xml
check "... are counted" out_has "1 added, 1 removed, 1 changed (names 1), 1001 the same"
check "... and shown" out_has "- names        Quondam"
check "diff --json" exits 1 lists diff "$work/old.xml" "$sample" --format un-xml --json
check "... is one object an entry, the counts last" json "sorted(r['change'] for r in rows[:-1]) == ['added', 'changed', 'removed'] and rows[-1] == {'added': 1, 'removed': 1, 'changed': 1, 'same': 1001}"
check "an edition that is not there" exits 78 lists diff "$work/none.xml" "$sample" --format un-xml
data=${TW_DATA:-../shared/data}/lists/ofac
if [ -e "$data/sdn_2024-05-03.csv" ]; then
	for pair in "04-26 05-01 298 0" "05-01 05-02 7 0" "05-02 05-03 0 8"; do
		set -- $pair
		lists diff "$data/sdn_2024-$1.csv" "$data/sdn_2024-$2.csv" --format ofac-csv >"$work/out" 2>&1
		check "OFAC of 2024-$1 against 2024-$2" out_has "$3 added, $4 removed, 0 changed"
	done
fi

# ---- a day ----
check "a day before the listing" exits 1 lists search "Eric Badege" --on 1990-01-01 --list un=un-xml:$sample
check "... sets the entry aside" out_has "not listed yet on that day"
check "the day of the listing" exits 0 lists search "Eric Badege" --on 2012-12-31 --list un=un-xml:$sample
check "... is one of it" out_has "on the day     listed on that day"
check "a list that states no days" exits 0 lists search "Eric Badege" --on 1990-01-01 --list o=ofac-csv:feeds/sample/lists/ofac
check "... shows the entry with that remark" out_has "is not known: the issuer does not state it"
check "what was listed on a day" exits 0 lists search --on 2025-01-01 --limit 3
check "... is counted" out_has "entries were listed on 2025-01-01"
check "... and says what the edition cannot know" out_has "what an issuer has taken off is in the edition of that day alone"

# ---- known good ----
header=name,identifier,country,list,entry,reason,author,decided_on,expires_on
printf '%s\nEric Badege,,,un-sc,CDi.001,"born 1991, passport seen",h.tide,2026-02-01,2026-12-31\n' $header >"$work/good.csv"
known() { lists search "Eric Badege" --set "known_good.path=$work/good.csv" "$@"; }
check "a decision sets its entry aside" exits 0 known --on 2026-03-01
check "... and leaves the other list's" out_has "1 hit for"
check "... and says why" out_has "not shown by screening: born 1991, passport seen (h.tide, 2026-02-01, until 2026-12-31; line 2)"
check "a decision that ran out hides nothing" exits 0 known --on 2027-01-01
check "... both hit" out_has "2 hits for"
check "... and is shown as expired" out_has "a decision that has expired and hides nothing: born 1991, passport seen (h.tide, 2026-02-01, until 2026-12-31; line 2)"
printf '%s\nEric Badege,,,un-sc,CDi.001,r,h.tide,2020-02-01,2020-12-31\n' $header >"$work/old.csv"
check "check counts and names decisions that expired" exits 0 "$program" check --set "known_good.path=$work/old.csv"
check "... with line and day" out_has "line 2: un-sc CDi.001 expired after 2020-12-31"
event() { printf '{"topic":"tw.manifests","value":{"id":"%s","type":"consignment.declared","time":"%s","source":"t","consignment":{"id":"%s","parties":[{"role":"consignee","name":"Eric Badege"}],"items":[{"line":1,"description":"goods"}]}}}\n' "$1" "$2" "$1"; }
{ event E1 2026-03-01T00:00:00Z; event E2 2027-01-01T00:00:00Z; } >"$work/events.ndjson"
screened() { "$program" screen "$work/events.ndjson" --out "$work/out" --set random.share_ppm=0 "$@" 2>"$work/err"; }
check "screening with the decision" screened --set "known_good.path=$work/good.csv"
check "... counts what it hides" err_has "hidden by decisions of the known good: 1 list hit"
check "... by the event's time" json "[sum('CDi.001' == m['entry'] for m in r['value']['matches']) for r in rows if r['topic'] == 'tw.alerts'] == [0, 1]"
check "... and shows what it leaves" json "[sum('15718' == m['entry'] for m in r['value']['matches']) for r in rows if r['topic'] == 'tw.alerts'] == [1, 1]"
cp "$work/out" "$work/with.ndjson"
check "screening without it" screened
check "... the snapshot is another" json "rows[0]['value']['snapshot']['digest'] != json.loads(open('$work/with.ndjson').readline())['value']['snapshot']['digest']"
refuse() { # what, row
	printf '%s\n%s\n' "$header" "$2" >"$work/bad.csv"
	check "refused: $1" exits 78 "$program" check --set "known_good.path=$work/bad.csv"
	check "... with its line: $1" err_has "bad.csv:2"
}
refuse "a decision about nobody" ',,,un-sc,CDi.001,r,a,2026-01-01,'
refuse "a decision without a reason" 'N M,,,un-sc,CDi.001,,a,2026-01-01,'
refuse "a day that is none" 'N M,,,un-sc,CDi.001,r,a,2026-02-30,'
refuse "an end before the begin" 'N M,,,un-sc,CDi.001,r,a,2026-02-01,2026-01-01'
refuse "a list that is not configured" 'N M,,,nobody,CDi.001,r,a,2026-02-01,'
refuse "a country that is none" 'N M,,ABC,un-sc,CDi.001,r,a,2026-02-01,'

# ---- marks reported lost, stolen or destroyed ----
marks_header=serial,maker,model,calibre,country,status,reported_on,reference
printf '%s\nAB 01417,Samplearms,M7,7.62x39,XA,destroyed,2026-02-01,XA-1\n,Samplearms,,,,lost,,XA-2\n' $marks_header >"$work/marks.csv"
marked() { printf '{"topic":"tw.manifests","value":{"id":"%s","type":"consignment.declared","time":"%s","source":"t","consignment":{"id":"%s","items":[{"line":1,"description":"rifles","make":"%s","markings":[{"kind":"serial","value":"ab-01417"}]}]}}}\n' "$1" "$2" "$1" "$3"; }
{ marked M1 2026-01-31T12:00:00Z Samplearms; marked M2 2026-02-01T12:00:00Z Samplearms; marked M3 2026-03-01T12:00:00Z Otherworks; } >"$work/marked.ndjson"
fired() { json "sorted(r['value']['consignment'] for r in rows if r['topic'] == 'tw.alerts' and 'marking-destroyed' in str(r['value'])) == $1"; }
marks_screened() { "$program" screen "$work/marked.ndjson" --out "$work/out" --set random.share_ppm=0 "$@" 2>"$work/err"; }
check "screening with a list of marks" marks_screened --set "markings.path=$work/marks.csv"
check "... finds the maker's mark from the report's day on" fired "['M2']"
check "... and on the days before by the rule of what was reported since" json "sorted(r['value']['consignment'] for r in rows if r['topic'] == 'tw.alerts' and 'marking-reported-since' in str(r['value'])) == ['M1']"
check "... and without it none" marks_screened
check "... of them" fired "[]"
check "stat shows the marks" exits 0 lists stat --set "markings.path=$work/marks.csv"
check "... by status" out_has "1: 0 lost, 0 stolen, 1 destroyed"
check "... and what was passed over" out_has "a row without a serial, first on line 3"
check "stat --json shows the marks" exits 0 lists stat --json --set "markings.path=$work/marks.csv"
check "... as an object of its own" json "rows[-1]['id'] == 'markings' and rows[-1]['destroyed'] == 1 and rows[-1]['skipped'][0]['count'] == 1"
printf '%s\nAB1,S,,,,found,,\n' $marks_header >"$work/bad_marks.csv"
check "a list of marks with an unknown status is refused" exits 78 "$program" check --set "markings.path=$work/bad_marks.csv"
check "... with its line" err_has "bad_marks.csv:2"
check "... by stat too" exits 78 lists stat --set "markings.path=$work/bad_marks.csv"
checks_end
