#!/usr/bin/env bash
# The authors' tutorial, typed in step by step, and the reference's tables against those of the code.
cd "$(dirname "$0")/.." && exec python3 tests/tutorial.py "${BUILD_DIR:-build/release}/tidewaiter"
