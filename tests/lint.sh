#!/usr/bin/env bash
# clang-tidy over the files given, two at a time, and a search for calls and words that do not belong here.
set -uo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# generated includes (Redis function library) live in the build folder; any variant has them
generated=$(find build -type d -path '*/engine/state' 2>/dev/null | head -n 1)
generated=${generated%/engine/state}
export TIDY_FLAGS="-std=c17 -D_GNU_SOURCE -DTW_VERSION=\"0\" -Iinclude -I. -I${generated:-build/release} $(pkg-config --cflags libxml-2.0 2>/dev/null)"
printf '%s\0' "$@" | xargs -0 -P 2 -n 4 sh -c 'clang-tidy --quiet "$@" -- $TIDY_FLAGS 2>/dev/null' tidy >"$work/tidy" || true
grep -E '(warning|error):' "$work/tidy" | sort -u >"$work/findings"

unsafe='(^|[^_a-zA-Z0-9])(strcpy|strcat|sprintf|vsprintf|atoi|atol|atof|strtok|gets|alloca)[[:space:]]*\('
grep -nE "$unsafe" "$@" include/tidewaiter/*.h | sed 's/$/  [unsafe or unbounded call]/' >>"$work/findings"
grep -rnE '\b(TODO|FIXME|HACK)\b|\bXXX:' include engine rules feeds tests bench --include='*.[ch]' --include='*.py' --include='*.sh' --include='*.yaml' |
	grep -v '^tests/lint.sh:' | sed 's/$/  [unfinished]/' >>"$work/findings"

cat "$work/findings"
[ -s "$work/findings" ] && sed -n '/warning:\|error:/,+3p' "$work/tidy" | head -n 60
count=$(wc -l <"$work/findings")
echo "lint: $# files, $count findings"
[ "$count" -eq 0 ]
