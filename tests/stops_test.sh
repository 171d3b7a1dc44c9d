#!/usr/bin/env bash
# Runs stops.py with the program that was just built.
cd "$(dirname "$0")/.." && exec python3 tests/stops.py "${BUILD_DIR:-build/release}/tidewaiter"
