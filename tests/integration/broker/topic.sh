#!/usr/bin/env bash
# topic.sh NAME PARTITIONS: make a topic on the run's broker (TW_TEST_KAFKA); one that is there already is fine.
exec python3 "$(dirname "$0")/ask.py" "${TW_TEST_KAFKA:?host:port of the broker}" topic "${1:?name}" "${2:?partitions}"
