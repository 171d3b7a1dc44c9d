#!/usr/bin/env bash
# Seconds without output when workers come, go and die, and the memory that they share; see rebalance.py. ROUNDS and RECOVERIES shorten it.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
. tests/integration/broker/broker.sh
trap 'broker_stop || true; rm -rf "$work"' EXIT
if ! broker_start "$work"; then
	echo "NO KAFKA BROKER: rebalances and recovery were not measured"
	exit 0
fi
export TW_TEST_KAFKA=$BROKER
build=${BUILD_DIR:-build/release}
python3 bench/rebalance.py "$build/tidewaiter" "$build/bench/bench_events"
