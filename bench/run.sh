#!/usr/bin/env bash
# Run every benchmark and write bench/RESULTS.md. Figures are medians of one machine's one run: only the ratios carry over to another.
# REBALANCE=1 adds rebalances and recovery: some three minutes, and much standing still. ONLY=state, pipeline, euc or rules: that alone, and no file is written.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=${TW_DATA:-../shared/data}

# Rule sets of three sizes, then patterns against what others do with them. TW_PATTERNS: a file of patterns, one a line, instead of made ones.
rules() {
	local count
	for count in 1000 10000; do
		python3 bench/make_rules.py "$count" "$work/rules$count"
	done
	"$build/bench/bench_rules" "$work/rules100" "$work/rules1000" "$work/rules10000"
	echo "== patterns"
	if [ -d "$data/manifests" ] && [ -d "$data/reference" ]; then
		python3 bench/make_texts.py "$data" "$work/texts"
		[ -n "${TW_PATTERNS:-}" ] || python3 bench/make_rules.py --patterns 10000 "$work/patterns"
		"$build/bench/bench_patterns" "${TW_PATTERNS:-$work/patterns}" "$work/texts" 1000 10000
	else
		echo "PATTERNS NOT MEASURED: no manifests and reference in $data (set TW_DATA)"
	fi
}

python3 bench/make_rules.py 100 "$work/rules100"
case ${ONLY:-} in
state)
	"$build/bench/bench_state"
	exit
	;;
euc)
	BUILD_DIR="$build" bench/euc.sh
	exit
	;;
rules)
	rules
	exit
	;;
pipeline)
	BUILD_DIR="$build" TW_DATA="$data" RULES="$work/rules100" bench/pipeline.sh
	exit
	;;
esac
{
	echo "== decode"
	"$build/bench/bench_decode"
	echo "== screen, 100 rules"
	"$build/bench/bench_screen" "$work/rules100" | sed 's/^RESULT screen/RESULT screen.rules100/'
	echo "== screen, shipped packs"
	"$build/bench/bench_screen" rules/packs 2>/dev/null | sed 's/^RESULT screen/RESULT screen.packs/'
	echo "== rules"
	rules
	echo "== false alarms"
	if [ -d "$data/manifests" ] && [ -d "$data/customs" ] && [ -d "$data/reference" ]; then
		python3 bench/false_alarms.py "$build/tidewaiter" "$data"
	else
		echo "FALSE ALARMS NOT MEASURED: no manifests, customs and reference in $data (set TW_DATA)"
	fi
	echo "== quality"
	if [ -d "$data/names" ] && [ -d "$data/lists" ]; then
		python3 bench/quality/measure.py "$build/bench/quality/quality" "$data"
	else
		echo "QUALITY NOT MEASURED: no names and lists in $data (set TW_DATA)"
	fi
	echo "== names"
	"$build/bench/bench_names"
	echo "== lists"
	if [ -d "$data/lists" ]; then
		"$build/bench/bench_lists" "$data/lists"
	else
		echo "of the shipped samples alone: no lists in $data (set TW_DATA)"
		"$build/bench/bench_lists"
	fi
	echo "== markings"
	"$build/bench/bench_markings"
	echo "== state"
	"$build/bench/bench_state"
	echo "== pipeline"
	BUILD_DIR="$build" TW_DATA="$data" RULES="$work/rules100" bench/pipeline.sh
	echo "== certificates and serials"
	BUILD_DIR="$build" bench/euc.sh
	echo "== latency"
	# Half of what the pipeline has just managed, as it was printed.
	BUILD_DIR="$build" RULES="$work/rules100" RATE="$(sed -n 's/^RESULT pipeline.kafka \([0-9]*\) .*/\1/p' "$work/log" | awk '{print int($1 / 2)}')" bench/latency.sh
	echo "== memory"
	BUILD_DIR="$build" RULES="$work/rules100" EVENTS="${MEMORY_EVENTS:-2000000}" bench/memory.sh
	if [ -n "${REBALANCE:-}" ]; then
		echo "== rebalance"
		BUILD_DIR="$build" ROUNDS="${ROUNDS:-3}" RECOVERIES="${RECOVERIES:-20}" bench/rebalance.sh
	fi
} 2>&1 | tee "$work/log"

{
	echo "# Measured"
	echo
	echo "Written by \`make bench\` on $(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)), $(. /etc/os-release && echo "$PRETTY_NAME")."
	echo "Medians of one run; the machine is shared, so trust the ratios more than the absolute figures."
	echo
	echo "| figure | value | unit |"
	echo "|---|---|---|"
	sed -n 's/^RESULT \([^ ]*\) \([^ ]*\) \(.*\)$/| \1 | \2 | \3 |/p' "$work/log"
	echo
	echo "## Output"
	echo
	echo '```'
	grep -v '^RESULT ' "$work/log"
	echo '```'
} >bench/RESULTS.md
echo "bench: wrote bench/RESULTS.md"
