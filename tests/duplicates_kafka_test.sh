#!/usr/bin/env bash
# Runs duplicates_kafka.py with the program that was just built.
cd "$(dirname "$0")/.." && exec python3 tests/duplicates_kafka.py "${BUILD_DIR:-build/release}/tidewaiter"
