#!/usr/bin/env bash
# Runs engine.py with the program that was just built.
cd "$(dirname "$0")/.." && exec python3 tests/engine.py "${BUILD_DIR:-build/release}/tidewaiter"
