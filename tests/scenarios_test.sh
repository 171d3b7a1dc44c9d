#!/usr/bin/env bash
# Runs scenarios.py with the program that was just built.
cd "$(dirname "$0")/.." && exec /usr/bin/python3 tests/scenarios.py "${BUILD_DIR:-build/release}/tidewaiter"
