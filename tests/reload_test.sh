#!/usr/bin/env bash
# Runs reload.py with the program that was just built.
cd "$(dirname "$0")/.." && exec python3 tests/reload.py "${BUILD_DIR:-build/release}/tidewaiter"
