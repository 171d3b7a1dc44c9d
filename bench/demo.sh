#!/bin/sh
# The demo: sample lists and manifests in, a ranked and explained worklist out. Needs only the clone and build/tidewaiter.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

engine=build/tidewaiter
config=feeds/sample/tidewaiter.yaml

echo "== screen: real bills, fictional traffic, damaged lines"
"$engine" screen --config "$config" --set output.folder="$out" feeds/sample/real_bills.ndjson feeds/sample/traffic.ndjson feeds/sample/damaged.ndjson

echo
echo "== top: what to open first"
"$engine" top --capacity 15 "$out/tw.alerts.ndjson"

echo
echo "== why: the first alert in full"
python3 - "$out/tw.alerts.ndjson" <<'PY'
import json
import sys

alert = min((json.loads(line) for line in open(sys.argv[1], encoding="utf-8")), key=lambda each: each["rank_key"])
print(f"{alert['consignment']}: {alert['lane']}, {alert['points']} points, probability {alert['probability_ppm'] / 10000:.1f}%")
for reason in alert["reasons"]:
    print(f"  {reason['counted']:4d}  {reason['rule']} v{reason['version']}: {reason['because']}")
    print(f"        source: {reason['source']}")
    for evidence in reason["evidence"]:
        print(f"        {evidence['pointer']} = {evidence['text']}")
PY

echo
echo "Next: feeds/sample/stories.json holds what was hidden in the traffic; rules/README.md shows how to write a rule."
