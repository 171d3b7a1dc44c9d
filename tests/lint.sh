#!/usr/bin/env bash
# clang-tidy over the C files given, two at a time, and a search for calls and words that do not belong here.
# Ends with "lint: N files, N findings"; 1 when there is any, and also when nothing could be checked.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || { echo "lint: no file to check" >&2; exit 1; }
command -v clang-tidy >/dev/null || { echo "lint: clang-tidy is not installed (make deps)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The Redis function libraries are included as generated C strings: made by the Makefile's own rule, so that lint needs no build.
mapfile -t scripts < <(find engine -name '*.lua' | sed "s|.*|$work/release/&.h|")
if [ ${#scripts[@]} -gt 0 ]; then
	make --no-print-directory -s BUILD="$work" "${scripts[@]}" >&2 || exit 1
fi

# One file a process: with several, clang-tidy 14 reports va_list arguments of the second file as uninitialised.
export TIDY_OUT=$work/tidy TIDY_FLAGS="-std=c17 -D_GNU_SOURCE -DTW_VERSION=\"0\" -DTW_NAME_RULES=\"0\" -Iinclude -I. -I$work/release $(pkg-config --cflags libxml-2.0)"
mkdir "$TIDY_OUT"
status=0
printf '%s\0' "$@" | xargs -0 -P 2 -n 1 sh -c 'clang-tidy --quiet "$1" -- $TIDY_FLAGS >"$TIDY_OUT/$$" 2>"$TIDY_OUT/$$.said"' tidy || status=$?
cat "$TIDY_OUT"/* >"$work/tidy.txt"
grep -hE '(warning|error):' "$work/tidy.txt" | sort -u >"$work/findings"
if [ "$status" -ne 0 ] && [ ! -s "$work/findings" ]; then
	head -n 20 "$work/tidy.txt"
	echo "clang-tidy ended with $status and no finding" >>"$work/findings"
fi

unsafe='(^|[^_a-zA-Z0-9])(strcpy|strcat|sprintf|vsprintf|atoi|atol|atof|strtok|gets|alloca)[[:space:]]*\('
mapfile -t headers < <(find include engine rules feeds -name '*.h')
grep -nE "$unsafe" "$@" "${headers[@]}" /dev/null | sed 's/$/  [unsafe or unbounded call]/' >>"$work/findings"
grep -rnE '\b(TODO|FIXME|HACK)\b|\bXXX:' include engine rules feeds tests bench .clang-tidy Makefile --include='*.[ch]' --include='*.py' --include='*.sh' --include='*.lua' \
	--include='*.yaml' --include=Makefile | grep -v '^tests/lint.sh:' | sed 's/$/  [unfinished]/' >>"$work/findings"

cat "$work/findings"
[ ! -s "$work/findings" ] || sed -n '/warning:\|error:/,+3p' "$work/tidy.txt" | head -n 60
count=$(wc -l <"$work/findings")
echo "lint: $# files, $count findings"
[ "$count" -eq 0 ]
