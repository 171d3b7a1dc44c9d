#!/usr/bin/env bash
# Runs engine_test.py with the program that was just built.
cd "$(dirname "$0")/.." && exec python3 tests/engine_test.py "${BUILD_DIR:-build/release}/tidewaiter"
