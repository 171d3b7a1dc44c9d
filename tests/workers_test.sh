#!/usr/bin/env bash
# Runs workers.py with the program that was just built.
cd "$(dirname "$0")/.." && exec python3 tests/workers.py "${BUILD_DIR:-build/release}/tidewaiter"
