#!/usr/bin/env bash
# The demo: real list files, real bills of lading and fictional traffic with hidden diversion in, a ranked and explained worklist out.
# Needs only the clone and build/tidewaiter: no broker, no database, no question asked.
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/tidewaiter
config=feeds/sample/tidewaiter.yaml
out=build/demo
mkdir -p "$out"

echo "== What it knows (the lists are samples, not current: a centre loads its own)"
"$program" check --config "$config" 2>/dev/null
story=feeds/sample/story.ndjson
echo
echo "== One story, from the first paper to the hold (firms, ships and serials are invented)"
"$program" screen --quiet --config "$config" --out "$out/story.out.ndjson" "$story"
python3 bench/demo_story.py "$story" feeds/sample/story.tsv "$out/story.out.ndjson"
echo
echo "== The papers of what is held: tidewaiter top --explain TWS26000602"
"$program" top --explain TWS26000602 "$out/story.out.ndjson" | sed -n '/^Papers/,/^$/p'
echo "== The certificate's ledger: tidewaiter certificate show TG/INT/2026/0031"
"$program" certificate show --quiet TG/INT/2026/0031 "$story" | sed -n '/^Lines/,/^Papers/{/^Papers/d;p}'
echo "== Screening 3 real bills of lading, $(wc -l <feeds/sample/traffic.ndjson) fictional events, $(wc -l <feeds/sample/damaged.ndjson) damaged lines"
"$program" screen --config "$config" --out "$out/out.ndjson" feeds/sample/real_bills.ndjson feeds/sample/traffic.ndjson feeds/sample/damaged.ndjson
echo
echo "== What to open first"
"$program" top --capacity 12 "$out/out.ndjson"
first=$("$program" top --capacity 1 --format csv "$out/out.ndjson" | python3 -c 'import csv, sys; print(next(csv.DictReader(sys.stdin))["consignment"])')
echo
echo "== Why $first?"
"$program" top --explain "$first" "$out/out.ndjson"
echo
echo "== A listed name in other letters"
"$program" lists search "Эрик Бадеге" --country CD --config "$config" || true
cat <<NEXT

Try next:
  $program certificate show TG/INT/2026/0031 $story $out/story.out.ndjson    the whole ledger of the story's certificate
  $program certificate list feeds/sample/traffic.ndjson $out/out.ndjson       all certificates, the most urgent first
  $program top --office LYMRA $out/out.ndjson            the worklist of one customs office (--capacity, --format json|csv)
  $program top --explain TWS26000500 $out/out.ndjson     a rifle that was reported destroyed
  $program lists search NAME --config $config    why a name hits a list, or misses it
  grep dead-letter $out/out.ndjson                       what could not be read, why, and where in its bytes
  $program screen --topic tw.manifests YOUR.ndjson       your own manifests; feeds/schema/manifest.json says how they look
  less feeds/sample/stories.json                         what was hidden in the traffic
NEXT
