#!/usr/bin/env bash
# Runs state.py with the program that was just built.
cd "$(dirname "$0")/.." && exec python3 tests/state.py "${BUILD_DIR:-build/release}/tidewaiter"
