#!/usr/bin/env bash
# `tidewaiter rules`: every part on the shipped rules, and on rules that are wrong.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

json() { python3 -c "import json, sys; rows = [json.loads(line) for line in open('$work/out')]; sys.exit(0 if ($1) else repr(rows)[:400])"; }
rules() { "$program" rules "$@"; }
out_lacks() { ! grep -qF -- "$1" "$work/out"; }

small_rule() { # file, condition: true of T1, false of T2
	printf '%s\n' "id: $(basename "$1" .yaml)" 'version: 1' 'status: active' 'title: T' 'owner: O' 'created: 2026-01-31' 'on: manifest' 'source: s' 'false_positives: f' \
		'points: 5' 'action: score' 'severity: 1' 'because: b' "when: $2" 'tests:' \
		'  - {name: a, fires: true, event: {consignment: {id: T1, items: [{line: 1, description: x}]}}}' \
		'  - {name: b, fires: false, event: {consignment: {id: T2, items: [{line: 1, description: x}]}}}' >"$1"
}

mkdir "$work/bad"
sed -e 's/^points:/pionts:/' -e '/^owner:/d' rules/packs/marking/marking-destroyed.yaml >"$work/bad/marking-destroyed.yaml"

# ---- lint, codes ----
check "the shipped rules have no errors" exits 0 rules lint
check "... and it says how many files" out_has "0 errors, "
check "broken rules end with 65" exits 65 rules lint "$work/bad"
check "... with code, place and nearest name" out_has 'marking-destroyed.yaml:12:1: error: unknown key "pionts" in a rule; did you mean "points"? [TW-R-0201]'
check "... with the line" out_has "    12 | pionts: "
check "... and the caret" out_has "       | ^"
check "lint --format json" exits 65 rules lint "$work/bad" --format json
check "... is one object a line" json "any(r['code'] == 'TW-R-0201' and r['level'] == 'error' and r['line'] == 12 for r in rows)"
check "lint --format github" exits 65 rules lint "$work/bad" --format github
check "... annotates" out_has ",line=12,col=1,title=TW-R-0201::unknown key"
mkdir -p "$work/shared/pack" && cp rules/packs/_sets.yaml rules/packs/five-letter-towns.csv "$work/shared/"
cp rules/packs/goods/goods-vague-stranger.yaml "$work/shared/pack/"
check "a pack is not told of the sets that it leaves to others" exits 0 rules lint "$work/shared/pack"
check "... at all" out_has "0 errors, 0 warnings"
check "... but their owner is" exits 0 rules lint "$work/shared"
check "... by number" out_has "[TW-R-0801]"
sed -i 's/{field: item.description, matches: $vague_text}/{use: says_nothing}/' "$work/shared/pack/goods-vague-stranger.yaml"
check "a macro that nobody defines" exits 65 rules lint "$work/shared/pack"
check "... is a name that no file defines" out_has "[TW-R-0204]"
printf 'macros:\n  says_nothing: {field: item.description, matches: $vague_text}\n' >"$work/shared/_macros.yaml"
check "a rule alone brings the macros above it along" exits 0 rules test "$work/shared/pack/goods-vague-stranger.yaml"
check "... as it does the sets" out_has "5 passed, 0 failed"
check "lint of a path that is not there" exits 66 rules lint "$work/none"
check "an engine that is told of rules that are not there does not ask to be started again" exits 78 "$program" check --set "rules.paths=$work/none"
check "lint with another format" exits 64 rules lint --format yaml
check "a part nobody knows" exits 64 rules linty
check "... with the nearest that there is" err_has 'did you mean "lint"'
for wrong in "lint --rule x" "lint --check" "lint --min 5" "fmt --json rules/packs" "keygen k --key x" "codes rules/packs" "test --min 50" "docs --json"; do
	check "rules $wrong: an option that would do nothing is refused" exits 64 rules $wrong
done
mkdir "$work/slips" && small_rule "$work/slips/a.yaml" '{some: parties, where: {listed: {subject: party, lists: [un_sc]}}}'
check "a list that is not configured" exits 0 rules lint "$work/slips"
check "... is a warning with the nearest" out_has 'warning: no configured list has the id "un_sc"; did you mean "un-sc"? [TW-R-0806]'
mv "$work/slips/a.yaml" "$work/slips/a.yml"
check "a rule file of another ending is not passed over" exits 65 rules lint "$work/slips"
check "... but named" out_has "a.yml: error: a rule file ends in .yaml: in small letters: rename it [TW-R-0600]"
rm "$work/slips/a.yml" && ln -s nowhere "$work/slips/a.yaml"
check "nor is a link that leads nowhere" exits 65 rules lint "$work/slips"
check "... which is named" out_has "a.yaml: error: a rule file cannot be read: No such file or directory [TW-R-0900]"
check "... and ends a test" exits 66 rules test "$work/slips"
mkfifo "$work/slips/pipe.yaml" && head -c 300000 /dev/zero | tr '\0' '#' >"$work/slips/large.yaml" && small_rule "$work/slips/b.yaml" '{field: ids, is: x}'
check "what cannot be read hides nothing of its neighbours" exits 65 timeout 20 "$program" rules lint "$work/slips" --format json
check "... each with its number" json "sorted((r['file'].split('/')[-1], r['code']) for r in rows) == [('a.yaml', 'TW-R-0900'), ('b.yaml', 'TW-R-0202'), ('large.yaml', 'TW-R-0610'), ('pipe.yaml', 'TW-R-0900')]"
check "a pipe is not waited for" exits 66 timeout 20 "$program" rules test "$work/slips"
rm "$work/slips"/{pipe,large,b}.yaml
rm "$work/slips/a.yaml" && small_rule "$work/slips/a.yaml" '{field: id, in: $x}'
printf 'sets: {x: [a, {b: c}]}\n' >"$work/slips/_sets.yaml"
check "an element of a set that is none" exits 65 rules lint "$work/slips"
check "... is told where the set is used, too" out_has 'the set "$x" cannot be used: see'
# A list match is assumed for parties/1, or by the pointer that an alert shows.
mkdir "$work/subject"
cp rules/packs/_*.yaml rules/packs/five-letter-towns.csv "$work/subject/"
for subject in parties/1 /parties/1 /consignment/parties/1; do
	sed "s#subject: parties/1#subject: $subject#" rules/packs/parties/party-listed-un.yaml >"$work/subject/party-listed-un.yaml"
	check "a match is assumed for $subject" exits 0 rules test "$work/subject"
done
sed "s#subject: parties/1#subject: parties/7#" rules/packs/parties/party-listed-un.yaml >"$work/subject/party-listed-un.yaml"
check "a match of nobody" exits 65 rules test "$work/subject"
check "... says how a subject is written" out_has "a subject is as in parties/0, or means"

# Every path that is listed may be asked for, and none is a member of a list that nothing binds.
fields_hold() { # family
	python3 - "$program" "$1" "$work" <<'PY'
import re, subprocess, sys
program, family, work = sys.argv[1:]
said = subprocess.run([program, "rules", "fields", family], capture_output=True, text=True).stdout
lists, conditions = {}, []
for line in said.splitlines():
    path, _, what = re.match(r" *(\S+)( *)(.*)", line).groups()
    if not line.startswith(" "):
        within = path
        continue
    name = re.sub(r"^repeated: bound as ", "", what)
    if what.startswith("repeated"):
        lists.setdefault(name, path if within == family else (within, path))
    condition = "{some: %s}" % path if what.startswith("repeated") else "{field: %s, stated: true}" % path
    conditions.append((within, condition))
def bind(name, condition):
    while name in lists:
        over = lists[name]
        name, path = over if isinstance(over, tuple) else (family, over)
        condition = "{some: %s, where: %s}" % (path, condition)
    return condition
rule = """id: fields-there
version: 1
status: draft
title: T
on: %s
source: s
false_positives: f
points: 1
action: inform
severity: 1
because: b
when:
  any:
%s
tests: [{name: a, fires: true, event: {}}, {name: b, fires: false, event: {}}]
""" % (family, "".join("    - %s\n" % bind(within, condition) for within, condition in conditions))
open(work + "/fields-there.yaml", "w").write(rule)
lint = subprocess.run([program, "rules", "--quiet", "lint", work + "/fields-there.yaml"], capture_output=True, text=True).stdout
wrong = [line for line in lint.splitlines() if "error" in line and 'has no "' not in line]
sys.exit("\n".join(wrong) if wrong or len(conditions) < 10 else 0)
PY
}
for family in manifest certificate marking outcome decision; do
	check "fields: all of $family are there to be asked" fields_hold $family
done
check "fields takes a family" exits 64 rules fields manifst
check "... and names the nearest" err_has 'did you mean "manifest"?'
check "codes takes no format" exits 64 rules codes --format json
check "codes prints the table" exits 0 rules codes
check "... which rules/README.md has" python3 -c "import sys; sys.exit(0 if open('$work/out').read() in open('rules/README.md').read() else 'differs: paste the output of tidewaiter rules codes')"

rm -r "$work/slips" && mkdir "$work/slips" && small_rule "$work/slips/a.yaml" '{field: id, is: T1}'
sed -i -e 's/^title: T/title: "T\\e[31m"/' -e 's/name: b,/name: "b\\0",/' "$work/slips/a.yaml"
check "what would steer a terminal" exits 65 rules lint "$work/slips" --format json
check "... is no text of a rule" json "[(r['line'], r['code'], r['text']) for r in rows] == [(4, 'TW-R-0600', '\"title\" holds a control character'), (17, 'TW-R-0600', '\"name\" holds a control character')]"
small_rule "$work/slips/a.yaml" '{embargo: {country: "route[discharge].country", goods: [arms]}}'
sed -i '/fires: true/s/items:/route: [{role: load, country: FR}, {role: discharge, country: LY}], items:/; /fires: false/s/items:/route: [{role: load, country: LY}, {role: discharge, country: FR}], items:/' "$work/slips/a.yaml"
check "an embargo may choose its place by role" exits 0 rules test "$work/slips"

# ---- test ----
cp -r rules/packs "$work/packs"
draft=$work/packs/goods/goods-ammunition-un-number.yaml
sed -i -e 's/^status: active/status: draft/' -e '0,/fires: false/s//fires: true/' "$draft"
check "the tests of the shipped rules pass" exits 0 rules test
check "... all of them" out_has " passed, 0 failed"
check "one rule alone, from its own file" exits 0 rules test rules/packs/euc/euc-over-draw.yaml
check "... has its named sets and its tests alone" out_has "$(grep -c "^  - name:" rules/packs/euc/euc-over-draw.yaml) passed, 0 failed"
check "a test that does not hold fails, in a draft too" exits 65 rules test "$work/packs" --rule goods-ammunition-un-number
check "... says what was expected" out_has 'test "cartridges as UN 0012": expected it to fire; fired:'
check "... and what each condition saw" out_has "field: item.hs, starts: ['93', '36', '8710']"
check "... true or false" out_has "true   saw 930630"
check "test --json" exits 65 rules test "$work/packs" --rule goods-ammunition-un-number --json
check "... has the conditions" json "len(rows) == 7 and any(not r['passed'] and r['expected'] and not r['fired'] and r['conditions']['parts'] for r in rows)"
check "a rule nobody knows names the nearest" exits 65 rules test --rule goods-amunition-un-number
check "... and says so" err_has 'did you mean "goods-ammunition-un-number"'

# ---- docs ----
check "docs of all rules" exits 0 rules docs
check "... has every rule" test "$(grep -c '^### ' "$work/out")" -eq "$(find rules/packs -name '*.yaml' ! -name '_*.yaml' | wc -l)"
check "docs of one rule" exits 0 rules docs --rule euc-over-draw
check "... says what it is worth" out_has "**Worth**: 75 points, group certificate"
check "... and what the officer reads" out_has "**The officer reads**: Certificate QZ-9 of QZ allows 500; with line 1 of this consignment 520 are drawn"
check "docs as HTML" exits 0 rules docs --format html
check "... needs nothing else" python3 -c "import sys; page = open('$work/out').read(); sys.exit(0 if page.rstrip().endswith('</html>') and '<link' not in page and '<script' not in page and 'src=' not in page else 1)"
check "docs in another format" exits 64 rules docs --format pdf
check "docs of broken rules" exits 65 rules docs "$work/bad"

# ---- fmt ----
check "the shipped rules are laid out" exits 0 rules fmt --check rules/packs
mkdir "$work/fmt" && sed -e 's/^  /    /' -e 's/, /,   /g' rules/packs/euc/euc-expired.yaml >"$work/fmt/euc-expired.yaml"
cp "$work/fmt/euc-expired.yaml" "$work/before"
check "fmt --check names what would change" exits 1 rules fmt --check "$work/fmt"
check "... and changes nothing" cmp "$work/fmt/euc-expired.yaml" "$work/before"
check "fmt changes it" exits 0 rules fmt "$work/fmt"
check "... only once" exits 0 rules fmt --check "$work/fmt"
printf 'id: [\n' >"$work/fmt/broken.yaml"
check "fmt refuses what is no YAML" exits 65 rules fmt "$work/fmt"
check "... and says where" err_has "broken.yaml:2:1"
check "fmt wants to know which files" exits 64 rules fmt
check "fmt of a file that is not there" exits 66 rules fmt "$work/none.yaml"

# ---- coverage ----
# Raise it with the tests; it never goes down.
check "the tests of the shipped rules touch what they did" exits 0 rules coverage --min 99
check "... and say what they do not" out_has "never false: "
check "below the floor it ends with 1" exits 1 rules coverage --min 100
check "coverage --json" exits 0 rules coverage --json
check "... adds up" json "sum(r['touched'] for r in rows[:-1]) == rows[-1]['total']['touched'] and all(r['all'] - r['touched'] == sum(1 + u['what'].startswith('never asked') for u in r['untouched']) for r in rows[:-1])"
check "... what a macro holds, in the macro's file" json "all(u['file'].endswith('.yaml') for r in rows[:-1] for u in r['untouched'])"
mkdir "$work/macro" && small_rule "$work/macro/a.yaml" '{use: old}'
printf 'macros:\n  old: {any: [{field: id, is: T1}, {field: id, is: T9}]}\n' >"$work/macro/_macros.yaml"
check "a condition of a macro that no test touches" exits 0 rules coverage "$work/macro"
check "... stands in the macro's file" out_has "macro/_macros.yaml:2:36: never true: field: id, is: T9"
mkdir "$work/chosen" && small_rule "$work/chosen/a.yaml" '{any: [{field: id, is: T1}, {field: "parties[consignor].name", is: X}]}'
check "a condition of one party by role" exits 0 rules coverage "$work/chosen"
check "... stands where its path does" out_lacks "(null)"
check "... in the rule's file" out_has "chosen/a.yaml:"
check "coverage of one rule" exits 0 rules coverage --rule goods-ammunition-un-number
check "a floor that is no percentage" exits 64 rules coverage --min 101

# The rule without the shared number, for packs of its own.
sed 's/\$draw_tolerance/1/' rules/packs/euc/euc-over-draw.yaml >"$work/alone.yaml"
mkdir "$work/was" && cp "$work/alone.yaml" "$work/was/euc-over-draw.yaml"

# ---- diff ----
cp -r rules/packs "$work/new" && sed -i 's/^points: 75/points: 60/' "$work/new/euc/euc-over-draw.yaml" && rm "$work/new/goods/goods-calibre-other-hs.yaml"
check "diff of a pack with itself" exits 0 rules diff rules/packs rules/packs
check "diff of two editions ends with 1" exits 1 rules diff rules/packs "$work/new"
check "... names what went" out_has "removed goods-calibre-other-hs: "
check "... what is worth less" out_has "    + 60"
check "... the version that did not rise" out_has "version 1 was not raised"
check "... and counts" out_has "0 added, 1 removed, 1 changed"
check "diff --json" exits 1 rules diff rules/packs "$work/new" --json
check "... is one object a rule" json "[(r['rule'], r['kind'], r['version_unraised']) for r in rows] == [('euc-over-draw', 'changed', True), ('goods-calibre-other-hs', 'removed', False)]"
check "... and the text names the backtest" exits 1 rules diff rules/packs "$work/new"
check "... of these two" err_has "tidewaiter rules backtest $work/new --against rules/packs --over EVENTS"
# 520 of 500 are 1.04 times
tolerated() { sed -i "s/^  draw_tolerance: .*/  draw_tolerance: [$1]/" "$work/new/_sets.yaml"; }
tolerated 1.05 && check "a tolerance is one number" exits 65 rules test --rule euc-over-draw "$work/new"
check "... below which nothing is said" out_has 'test "second part delivery creeps over": expected it to fire'
tolerated 1.04 && check "... from which on" exits 65 rules test --rule euc-over-draw "$work/new"
check "... it is" out_lacks "second part delivery creeps over"
check "... and whoever changes it is told" exits 1 rules diff rules/packs "$work/new"
check "... which rules it reaches" out_has "draw_tolerance, which reaches 2 rules: euc-over-draw, euc-over-drawn-late"
mkdir "$work/shared2" && cp -r "$work/shared/." "$work/shared2/"
sed -i 's/{field: item.description, matches: $vague_text}/{field: item.description, words: [parts]}/' "$work/shared2/_macros.yaml"
check "a macro that changed" exits 1 rules diff "$work/shared" "$work/shared2"
check "... is named with what it reaches" out_has "changed macro says_nothing, which reaches 1 rule: goods-vague-stranger"
check "... as JSON too" exits 1 rules diff "$work/shared" "$work/shared2" --json
check "... with what it says now" json "rows[0]['macro'] == 'says_nothing' and rows[0]['reaches'] == ['goods-vague-stranger'] and rows[0]['changes'][-1]['new'] == '[parts]' and rows[1]['rule'] == 'goods-vague-stranger'"
check "diff of one edition" exits 64 rules diff rules/packs
check "diff with broken rules" exits 65 rules diff rules/packs "$work/bad"

# ---- backtest ----
facts=tests/golden/facts
backtest() { rules backtest --quiet --config "$facts/tidewaiter.yaml" "$@"; }
golden() { backtest tests/backtest/rules --over "$facts/input.ndjson" --capacity 1 --format json --html "$work/page" "$@"; }
check "a backtest of two editions" exits 0 golden
[ -z "${UPDATE:-}" ] || { cp "$work/out" tests/backtest/expected.json && cp "$work/page" tests/backtest/expected.html; }
check "... gives the expected JSON" diff tests/backtest/expected.json "$work/out"
check "... and the expected page" diff tests/backtest/expected.html "$work/page"
check "... whose drawings are well-formed, whose text is escaped, and which needs nothing else" python3 -c "
import re, sys, xml.dom.minidom as xml
page = open('$work/page').read()
drawings = re.findall(r'<svg.*?</svg>', page, re.S)
ids = re.findall(r' id=\"([^\"]*)\"', page)
for drawing in drawings: xml.parseString(drawing)
sys.exit(0 if len(drawings) == 5 and len(ids) == len(set(ids)) and '<b>' not in page and '&lt;b&gt;' in page and not re.search('<script|<link|<img|src=|href=|url\\(|@import|http', page) else 1)"
"$program" screen --config "$facts/tidewaiter.yaml" --out "$work/before" "$facts/input.ndjson" 2>"$work/log"
"$program" screen --config "$facts/tidewaiter.yaml" --set "rules.paths=[$PWD/tests/backtest/rules]" --out "$work/after" "$facts/input.ndjson" 2>>"$work/log"
check "... and counts what screen raises with each, by lane and by rule" python3 -c "
import collections, json, sys
report = json.load(open('$work/out'))
def screened(path):
    alerts = [json.loads(line)['value'] for line in open(path) if json.loads(line)['topic'] == 'tw.alerts']
    rules = collections.Counter(rule for alert in alerts for rule in {reason['rule'] for reason in alert['reasons']})
    return collections.Counter(alert['lane'] for alert in alerts), rules
for side in 'before', 'after':
    lanes, rules = screened('$work/' + side)
    assert lanes, side
    for lane in report['lanes']: assert lane['alerts'][side] == lanes[lane['lane']], (side, lane, lanes)
    alone = {'before': ['golden-drawn', 'golden-found', 'golden-ship'], 'after': ['golden-ship']}[side]  # enough for an alert without another
    for rule in report['rules']: assert rule['fired'][side] == rules[rule['rule']] or rule['fired'][side] > rules[rule['rule']] and rule['rule'] not in alone, (side, rule, rules)
"
cp "$work/out" "$work/once"
check "the other way round" exits 0 backtest "$facts/rules" --against tests/backtest/rules --over "$facts/input.ndjson" --format json
check "... is the same with the sides changed" python3 -c "
import json, sys
there, back = json.load(open('$work/once')), json.load(open('$work/out'))
def turned(pair): return {'before': pair['after'], 'after': pair['before']}
sys.exit(0 if all(a['alerts'] == turned(b['alerts']) for a, b in zip(there['lanes'], back['lanes'])) and all(a['rule'] == b['rule'] and a['fired'] == turned(b['fired']) for a, b in zip(there['rules'], back['rules'])) else 1)"
check "a period" exits 0 backtest tests/backtest/rules --over "$facts/input.ndjson" --format json --from 2026-01-10 --to 2026-01-20T12:00:00Z
check "... judges its own events, with the history before it" python3 -c "
import json, sys
whole, part = json.load(open('$work/once')), json.load(open('$work/out'))
read = whole['history']['events']
alerts = [json.loads(line)['value'] for line in open('$work/before') if json.loads(line)['topic'] == 'tw.alerts']
within = [alert for alert in alerts if '2026-01-10' <= alert['raised'] < '2026-01-20T12:00:00Z']
assert 0 < part['history']['judged'] < read and part['history']['judged'] + part['history']['history_alone'] == read
assert 0 < len(within) == sum(lane['alerts']['before'] for lane in part['lanes']), within
"
check "files in turn" exits 0 backtest tests/backtest/rules --over <(head -n 30 "$facts/input.ndjson") --over <(tail -n +31 "$facts/input.ndjson") --format json --capacity 1
check "... are one history" python3 -c "
import json, sys
whole, parts = json.load(open('$work/once')), json.load(open('$work/out'))
whole['history']['over'] = parts['history']['over'] = []
sys.exit(0 if whole == parts else 1)"
check "the table" exits 0 backtest tests/backtest/rules --over "$facts/input.ndjson" --capacity 1
check "... has who enters and why" out_has "golden-drawn 40 -> 20, - golden-found (30), + golden-odd (10)"
check "... and the interval" out_has "100.0% (34.2-100.0)"
sed 's/^status: active/status: draft/' tests/backtest/rules/golden-odd.yaml >"$work/golden-odd.yaml"
check "an edition with a draft alone" exits 0 backtest "$work/golden-odd.yaml" --over "$facts/input.ndjson"
check "... says that it is not evaluated" out_has "1 more are not active: not evaluated, as in the live stream"
check "shipped rules over the sample traffic" exits 0 rules backtest rules/packs --over feeds/sample/traffic.ndjson --format json --quiet
check "... change nothing against themselves" json "all(lane['alerts']['before'] == lane['alerts']['after'] for lane in rows[0]['lanes']) and any(rule['fired']['after'] for rule in rows[0]['rules'])"
# time passes in a backtest as it does in screen
python3 - >"$work/due.ndjson" <<-'EOF'
	import json
	def event(topic, number, type, time, **body):
	    print(json.dumps({"topic": topic, "value": dict(id=number, type=type, time=time, source="port", **body)}))
	for paper in "QZ-8", "QZ-9":
	    event("tw.certificates", "i" + paper, "certificate.issued", "2026-01-10T08:00:00Z", certificate={"number": paper, "issuer": {"country": "QZ"}, "final_destination": "QZ",
	          "assurances": {"delivery_verification": True, "verify_within_days": 90}, "parties": [{"role": "end_user", "name": "Sample Guard", "country": "QZ"}],
	          "items": [{"line": 1, "quantity": 500, "unit": "C62"}]})
	    event("tw.manifests", "s" + paper, "consignment.declared", "2026-02-01T08:00:00Z", consignment={"id": "S" + paper, "route": [{"role": "discharge", "country": "QZ", "arrival": "2026-02-10"}],
	          "items": [{"line": 1, "description": "Rifles", "quantity": 100, "unit": "C62", "certificates": [{"number": paper, "issuer_country": "QZ", "line": 1}]}]})
	for day in range(1, 31):
	    event("tw.manifests", "d%d" % day, "consignment.declared", "2026-06-%02dT08:00:00Z" % day, consignment={"id": "D%d" % day, "items": [{"line": 1, "description": "Chairs"}]})
	    event("tw.certificates", "c%d" % day, "certificate.issued", "2026-06-%02dT08:00:00Z" % day, certificate={"number": "N%d" % day, "issuer": {"country": "QZ"}})
EOF
screened() { "$program" screen --config "$facts/tidewaiter.yaml" --set "rules.paths=[$PWD/rules/packs]" --quiet --out "$work/due.out" "$work/due.ndjson"; }
check "deliveries that fall due while nobody writes" exits 0 screened
check "... are told by screen" test "$(grep -c '"rule":"euc-delivery-time-passed"' "$work/due.out")" -eq 2
check "... and by a backtest" exits 0 backtest rules/packs --over "$work/due.ndjson" --format json
check "... in its report" json "rows[0]['history']['fell_due'] == 4 and rows[0]['history']['judged'] == 64 and [rule['fired']['after'] for rule in rows[0]['rules'] if rule['rule'] in ('euc-delivery-time-passed', 'euc-confirmation-time-passed')] == [2, 2]"
check "... as a table" exits 0 backtest rules/packs --over "$work/due.ndjson" --html "$work/due.html"
check "... that says how many" out_has ", 4 deliveries and confirmations fell due"
check "... and a page" grep -q '4 deliveries and confirmations fell due' "$work/due.html"
check "... not where they are history alone" exits 0 backtest rules/packs --over "$work/due.ndjson" --format json --to 2026-03-01
check "... of the period" json "rows[0]['history']['fell_due'] == 0"
check "a backtest over nothing" exits 64 backtest tests/backtest/rules
check "... asks over what" err_has "over which history? --over FILE"
check "a backtest of nothing" exits 64 backtest --over "$facts/input.ndjson"
check "a day that does not exist" exits 64 backtest tests/backtest/rules --over "$facts/input.ndjson" --from 2026-02-30
check "a period that ends before it begins" exits 64 backtest tests/backtest/rules --over "$facts/input.ndjson" --from 2026-02-01 --to 2026-01-01
check "no capacity" exits 64 backtest tests/backtest/rules --over "$facts/input.ndjson" --capacity 0
check "a history that is not there" exits 66 backtest tests/backtest/rules --over "$work/none"
check "a page that cannot be written" exits 74 backtest tests/backtest/rules --over "$facts/input.ndjson" --html "$work/none/page"
check "a backtest of broken rules" exits 65 backtest "$work/bad" --over "$facts/input.ndjson"
check "... says what is wrong" err_has 'unknown key "pionts"'
check "its options are its own" exits 64 rules lint --over "$facts/input.ndjson"

echo '{"id":"e1","time":"x"}' >"$work/event.json" && cp "$work/event.json" "$work/event.was"
check "what is no rule file" exits 65 rules fmt "$work/event.json"
check "... is not laid out" cmp "$work/event.json" "$work/event.was"

# ---- points by a value ----
mkdir "$work/by" && sed -e 's/^points: 75/points: {over: {history: {of: certificate_ref, metric: drawn_with_this}}, from: [500, 20], to: [540, 80]}/' \
	-e '0,/fires: true/s//fires: true\n    points: 50/' "$work/alone.yaml" >"$work/by/euc-over-draw.yaml"
check "a test may say what the finding is worth" exits 0 rules test "$work/by"
check "points by a value are formatted" exits 0 rules fmt "$work/by"
check "... and documented with their span" exits 0 rules docs "$work/by"
check "... as written" out_has "**Worth**: 0 to 80 points, group certificate, by {over: "
check "... and compared" exits 1 rules diff "$work/by" rules/packs
sed 's/from: .500, 20., to: .540, 80./table: [[510, 50], [95300, 60]]/' "$work/by/euc-over-draw.yaml" >"$work/by/other" && mkdir "$work/steps" && mv "$work/by/other" "$work/steps/euc-over-draw.yaml"
check "steps of points that no test reaches" exits 0 rules coverage "$work/steps"
check "... are named" out_has "no test reaches [95300, 60]"
sed 's/to: \[540, 80\]/to: [560, 80]/' "$work/by/euc-over-draw.yaml" >"$work/by/other" && mv "$work/by/other" "$work/by/euc-over-draw.yaml"
check "other points fail the test" exits 65 rules test "$work/by"
check "... which says which" out_has "expected 50 points; it has 40"

# ---- the least lane ----
mkdir "$work/lane" && sed 's/^action: examine/&\nlane: yellow/' "$work/alone.yaml" >"$work/lane/euc-over-draw.yaml"
check "a least lane is documented" exits 0 rules docs "$work/lane"
check "... as such" out_has "**Lane**: at least yellow"
check "... and compared" exits 1 rules diff "$work/was" "$work/lane"
check "... as what a new version tells" out_has "version 1 was not raised"
sed -n '1,/^points:/p' "$work/lane/euc-over-draw.yaml" >"$work/lane/moved" && echo 'lane: yellow' >>"$work/lane/moved" &&
	sed -n '/^group:/,$p' "$work/lane/euc-over-draw.yaml" | grep -v ^lane >>"$work/lane/moved" && mv "$work/lane/moved" "$work/lane/euc-over-draw.yaml"
check "... and formatted" exits 0 rules fmt "$work/lane"
check "... after the action" grep -qzP 'action: examine\nlane: yellow\n' "$work/lane/euc-over-draw.yaml"

# ---- sets from tables ----
mkdir "$work/table" && sed 's/field: item.quantity, stated: true/field: item.unit, in: $units/' "$work/alone.yaml" >"$work/table/euc-over-draw.yaml"
echo 'sets: {units: {csv: units.csv, column: unit}}' >"$work/table/_sets.yaml"
printf 'name,unit\npieces,C62\nother pieces,EA\ndozens,DZN\nkilograms,KGM\n' >"$work/table/units.csv"
check "a set may be a column of a table" exits 0 rules test "$work/table"
check "... for one rule's file too" exits 0 rules test "$work/table/euc-over-draw.yaml"
check "... which fmt leaves alone" exits 0 rules fmt "$work/table"
check "... and does not count" out_has "of 2 files"
cp -r "$work/table" "$work/table2" && printf 'name,unit\npairs,PR\n' >"$work/table2/units.csv"
check "another table is another meaning" exits 1 rules diff "$work/table" "$work/table2"
check "... by its entries" out_has "PR"
printf 'name,units\npieces,C62\n' >"$work/table2/units.csv"
check "a table without the column" exits 65 rules lint "$work/table2"
check "... is told with its line" out_has "units.csv:1:1: error: the table has no column \"unit\"; did you mean \"units\"? [TW-R-0409]"

# ---- explain ----
cat >"$work/events" <<'END'
{"id":"g1","source":"s","type":"certificate.issued","time":"2026-01-10T08:00:00Z","certificate":{"number":"QZ-9","issuer":{"country":"QZ"},"items":[{"line":1,"quantity":500,"unit":"C62"}]}}
{"topic":"tw.manifests","value":{"id":"m1","source":"s","type":"consignment.declared","time":"2026-03-02T08:00:00Z","consignment":{"id":"T1","items":[{"line":1,"description":"Rifles","quantity":520,"unit":"C62","certificates":[{"number":"QZ-9","issuer_country":"QZ","line":1}]}]}}}
END
head -n 1 "$work/events" >"$work/certificate"
check "explain: a rule that fires" exits 0 rules explain euc-over-draw "$work/events"
check "... with the sentence" out_has "with line 1 of this consignment 520 are drawn"
check "... and what each side saw" out_has "true   saw 520, against 500"
check "explain: a rule that does not, from its file" exits 1 rules explain rules/packs/euc/euc-expired.yaml "$work/events"
check "... shows what was false" out_has "false  saw not stated, against 2026-03-02"
check "explain --json" exits 0 rules explain euc-over-draw "$work/events" --json
check "... is one tree" json "rows[0]['fires'] and rows[0]['because'] and rows[0]['conditions']['parts'][0]['element'] == 1"
check "explain: an event that the rule does not listen to" exits 1 rules explain euc-over-draw "$work/certificate"
check "... says so" out_has "does not listen to events of this type"
check "explain: a rule nobody knows" exits 65 rules explain euc-over-drow "$work/events"
check "... names the nearest" err_has 'did you mean "euc-over-draw"'
check "explain: no such file" exits 66 rules explain euc-over-draw "$work/none"
check "explain without an event" exits 64 rules explain euc-over-draw

# ---- explain an alert ----
cat >"$work/all" <<'END'
{"topic":"tw.certificates","value":{"id":"g1","source":"s","type":"certificate.issued","time":"2026-01-10T08:00:00Z","certificate":{"number":"QZ-9","issuer":{"country":"QZ"},"items":[{"line":1,"quantity":500,"unit":"C62"}]}}}
{"topic":"tw.manifests","value":{"id":"m1","source":"s","type":"consignment.declared","time":"2026-03-02T08:00:00Z","consignment":{"id":"T1","items":[{"line":1,"description":"Rifles","hs":"930190","quantity":520,"unit":"C62","certificates":[{"number":"QZ-9","issuer_country":"QZ","line":1}]}]}}}
{"topic":"tw.manifests","value":{"id":"m2","source":"s","type":"consignment.declared","time":"2026-03-03T08:00:00Z","consignment":{"id":"T2","route":[{"role":"discharge","country":"LY"}],"items":[{"line":1,"description":"Rifles","hs":"930190"}]}}}
END
"$program" screen --out "$work/alerts" "$work/all" 2>/dev/null
check "explain: an alert by its consignment" exits 0 rules explain "$work/alerts#T1" "$work/all"
check "... begins with the alert" out_has "alert tw1-"
check "... has the rules of its reasons, on what came before" out_has "euc-over-draw fires"
check "... and what they saw" out_has "true   saw 520, against 500"
check "... but no other alert's" out_lacks "embargo-un-supply"
check "explain: the last alert of a file" exits 0 rules explain "$work/alerts" "$work/all"
check "... is the last" out_has "embargo-un-supply fires"
check "explain: an alert as JSON" exits 0 rules explain "$work/alerts#T1" "$work/all" --json
check "... a line a reason" json "len(rows) > 1 and all(r['fires'] and r['conditions'] for r in rows)"
check "explain: an alert whose event is not there" exits 65 rules explain "$work/alerts" "$work/events"
check "... says which event it wants" err_has "id m2 of s"
check "explain: an alert that is not there" exits 65 rules explain "$work/alerts#T9" "$work/all"
check "... says so" err_has "no alert has that id"
check "explain: a file that holds no alerts" exits 65 rules explain "$work/all#T1" "$work/all"
sed 's/"rule":"euc-over-draw","version":1/"rule":"euc-gone","version":1/; s/"version":1,"title"/"version":9,"title"/g' "$work/alerts" >"$work/older"
check "explain: an alert of other rules" exits 1 rules explain "$work/older#T1" "$work/all"
check "... names those that are gone" out_has "euc-gone is not among the rules any more"
check "... and those that have changed" out_has "the alert has version 9, here is 1"

checks_end
