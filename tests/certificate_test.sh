#!/usr/bin/env bash
# `tidewaiter certificate` over files: one ledger to the byte, the list and its filters, the reasons of alerts, what is refused. The store and the
# topics of a real engine: tests/state.py.
#
#   UPDATE=1 tests/certificate_test.sh    writes what is expected anew: read the diff
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

data=tests/data/certificate
events=$data/events.ndjson
sample=feeds/sample/traffic.ndjson
certificate() { "$program" certificate "$@"; }
same() { # expected, actual
	[ -z "${UPDATE:-}" ] || cp "$2" "$1"
	diff "$1" "$2"
}

exits 0 certificate show QZ/MOD/2026/00417 "$events"
check "a ledger reads as it should" same "$data/show.txt" "$work/out"
exits 0 certificate show 'qz|qz mod 2026 00417' "$events" --format json
check "as JSON it says the same" same "$data/show.json" "$work/out"
exits 0 certificate list "$events"
check "the list stands by urgency" same "$data/list.txt" "$work/out"
check "the order of events changes nothing of it" bash -c "tac $events | '$program' certificate list - | diff $data/list.txt -"
check "nor the order of partitions" bash -c "{ grep tw.manifests $events; grep tw.certificates $events; } | '$program' certificate list - | diff $data/list.txt -"

exits 0 certificate list --problem reused --issuer QZ "$events"
check "filters leave what fits" out_has "1 of 4 certificates; 1 fit the filters"
exits 0 certificate list --limit 2 --format json "$events"
check "--limit leaves the first" test "$(wc -l <"$work/out")" -eq 2
check "one number of two issuers asks which" exits 64 certificate show B-1 "$events"
check "and names both" err_has '"XA|B1"'
check "an unknown number is exit 1" exits 1 certificate show QZ/MOD/2026/0417 "$events"
check "with the nearest one" err_has 'did you mean "QZMOD202600417"?'
check "a consignment is no certificate" exits 1 certificate show S1 "$events"
check "but names what it draws on" err_has 'that is a consignment; it draws on "QZ|QZMOD202600417"'
check "what is far from all names none" exits 1 certificate show nothing-like-it "$events"
check "but says where to look" err_has "certificate list"
check "no source is usage" exits 64 certificate list
check "a problem that is none is usage" exits 64 certificate list --problem over-drawn "$events"
check "and guessed at" err_has 'did you mean "over_drawn"?'
exits 64 certificate list --problem revoked "$events"
check "what is far from all names every one" err_has "not_on_record, not_confirmed, rule;"
exits 0 certificate list --issuer ZZ "$events"
check "filters that leave nothing say so" out_has "none of 4 certificates on record fits the filters"
check "a file that is not there is exit 66" exits 66 certificate list "$work/none.ndjson"
{ cat "$events" && echo '{"topic":"tw.certificates","value":{"type":1}}'; } >"$work/damaged.ndjson"
check "a line that cannot be used is counted, exit 65" exits 65 certificate list "$work/damaged.ndjson"
check "in words" err_has "1 lines or events could not be used"

# One certificate, 5,000 consignments: a batch of them must not fold its record anew for each, nor hold as many copies of it.
python3 - >"$work/hot.ndjson" <<'PYTHON'
import json
for i in range(5000):
    item = {"line": 1, "description": "Hunting rifles, bolt action", "hs": "930330", "quantity": 2, "unit": "C62",
            "certificates": [{"number": "QZ/HOT/1", "issuer_country": "QZ", "line": 1}]}
    event = {"id": "h-%d" % i, "type": "consignment.declared", "time": "2026-03-%02dT%02d:%02d:00Z" % (1 + i // 1440, i // 60 % 24, i % 60), "source": "hot",
             "consignment": {"id": "HOT%d" % i, "revision": 1, "means": {"mode": "sea", "name": "Tidal"}, "items": [item],
                             "route": [{"role": "load", "country": "XA"}, {"role": "discharge", "country": "QZ"}],
                             "parties": [{"role": "consignor", "name": "Alder %d Works" % i, "country": "XA"}]}}
    print(json.dumps({"topic": "tw.manifests", "value": event}))
PYTHON
check "a certificate that 5,000 consignments draw on is shown" exits 0 certificate show QZ/HOT/1 --quiet "$work/hot.ndjson"
check "with what its record holds of them" out_has "256 consignments"

"$program" screen --quiet --config feeds/sample/tidewaiter.yaml --out "$work/out.ndjson" "$sample" 2>/dev/null
exits 0 certificate show TG/INT/2026/0007 "$sample" "$work/out.ndjson"
check "an alert's reason is among the problems" out_has "euc-over-draw (rule, 75 points)"
exits 0 certificate show PE/MININTER/26/77 "$sample" "$work/out.ndjson"
check "so is that of the certificate's own alert" out_has "euc-voided-after-draw (rule"
exits 0 certificate show SE/INT/2026/0102 "$sample" "$work/out.ndjson"
check "a lawful one has none" out_has "no problem"
check "a pipe gets no bar and no colour" bash -c "! '$program' certificate show TG/INT/2026/0007 $sample | grep -q -e $'\\u2588' -e $'\\x1b'"
check "a terminal gets both" bash -c "script -qec '\"$program\" certificate show TG/INT/2026/0007 --quiet $sample' /dev/null | grep -q $'\\u2588.*116% drawn'"
checks_end
