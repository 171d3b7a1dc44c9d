#!/usr/bin/env bash
# committed.sh GROUP TOPIC: the sum of the group's committed offsets over the topic's partitions, on the run's broker (TW_TEST_KAFKA).
exec python3 "$(dirname "$0")/ask.py" "${TW_TEST_KAFKA:?host:port of the broker}" committed "${1:?group}" "${2:?topic}"
