#!/usr/bin/env bash
# Suppressions: what the golden case does not say of them: the published schema, the numbers, what check says of days and rules, and what is refused.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

case=tests/golden/suppressed
header=rule,name,identifier,country,consignment,from,to,reason,author,decided_on,expires_on
screen() { "$program" screen --quiet --config "$case/tidewaiter.yaml" "$@"; }
says() { exits "$1" "$program" check --config "$case/tidewaiter.yaml" --set "rules.suppressions=$work/rows.csv"; }

screen --out "$work/out.ndjson" --set metrics.path="$work/out.prom" "$case/input.ndjson"
grep '"topic":"tw.alerts"' "$work/out.ndjson" >"$work/alerts.ndjson"
check "every alert satisfies feeds/schema/alert.json" /usr/bin/python3 tests/schema_check.py --ndjson feeds/schema/alert.json "$work/alerts.ndjson"
check "a hold that is suppressed is seen" grep -q '"selection":{"by":"suppressed","inclusion_ppm":1000000}.*"action":"inform".*"suppressed":\[{"rule":"party-listed"' "$work/alerts.ndjson"
check "and places no hold" test "$(grep -c '"topic":"tw.holds"' "$work/out.ndjson")" -eq 1
check "a listed party beside the one that is meant is not hidden" grep -q '"key":"M2".*"counted":110.*VOLTA' "$work/alerts.ndjson"
check "the consignment that nothing speaks of any more is not raised" test "$(grep -c '"key":"M3"' "$work/out.ndjson")" -eq 0
for rule in party-listed euc-over-draw gun-words; do
	check "metrics count $rule" grep -qx "tidewaiter_suppressed_findings_total{worker=\"screen\",rule=\"$rule\"} 1" "$work/out.prom"
done
exits 0 "$program" top "$work/out.ndjson"
check "top says why it is there" out_has "a hold was suppressed"
exits 0 "$program" top --explain M2 "$work/out.ndjson"
check "explain names rule, points, author and last day" out_has "until 2026-02-28, by h.tide: the new certificate is on its way"

day() { date -u -d "$1" +%F; }
printf '%s\n' "$header" "gun-words,,,,C1,,,seen,h.tide,2026-01-01,$(day '7 days')" "gun-words,,,,C2,,,seen,h.tide,2026-01-01,$(day '-1 day')" \
	"gun-wrods,,,,C3,,,seen,h.tide,2026-01-01,$(day '100 days')" >"$work/rows.csv"
check "check accepts them" says 0
check "check counts" out_has "suppressed 3 decisions, 1 expired, 1 of rules that are not loaded"
check "check names what runs out soon" out_has "line 2: gun-words runs out after $(day '7 days'), in 7 days"
check "check names what is over" out_has "line 3: gun-words expired after"
check "check names a rule that is not there" out_has 'line 4: no rule "gun-wrods" is loaded'

printf '%s\n' "$header" 'gun-words,,,,C1,,,seen,h.tide,2026-01-01,2026-12-31' 'gun-words,,,,,,,seen,h.tide,2026-01-01,2026-12-31' >"$work/rows.csv"
check "a file with an error is refused whole" says 78
check "with its line" err_has "rows.csv:3: a suppression for everybody"
checks_end
