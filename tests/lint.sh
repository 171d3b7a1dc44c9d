#!/usr/bin/env bash
# clang-tidy over the C files given, as many at a time as there are processors (LINT_JOBS=n), and a search for calls and words that do not belong here.
# Ends with "lint: N files, N findings"; 1 when there is any, and also when nothing could be checked.
# LINT_KEEP=0: nothing is remembered of what was found clean; a tree that is thrown away needs no digests, 19 s of processor time for all files.
# LINT_NODES=225000: walk as far into each function as the clang analyzer would of itself (make lint-deep); see below.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || { echo "lint: no file to check" >&2; exit 1; }
command -v clang-tidy >/dev/null || { echo "lint: clang-tidy is not installed (make deps)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kept=${BUILD:-build}/lint
mkdir -p "$kept"

# The Redis function libraries are included as generated C strings: made by the Makefile's own rule, so that lint needs no build.
mapfile -t scripts < <(find engine -name '*.lua' | sed "s|.*|$kept/release/&.h|")
if [ ${#scripts[@]} -gt 0 ]; then
	make --no-print-directory -s BUILD="$kept" "${scripts[@]}" >&2 || exit 1
fi

export TIDY_NODES="-Xclang -analyzer-config -Xclang max-nodes=${LINT_NODES:-60000}"
export KEPT=$kept TIDY_OUT=$work/tidy TIDY_FLAGS="-std=c17 -D_GNU_SOURCE -DTW_VERSION=\"0\" -DTW_NAME_RULES=\"0\" -DTW_MARK_RULES=\"0\" -Iinclude -I. -I$kept/release $(pkg-config --cflags libxml-2.0)"
mkdir "$TIDY_OUT"
TIDY_TOOL=$({ clang-tidy --version && cat .clang-tidy tests/lint.sh && echo "$TIDY_FLAGS $TIDY_NODES"; } | sha256sum)
export TIDY_TOOL

# Of a file, all that it includes, and what they are checked with. Nothing for a file whose includes are not known.
digest() { # file
	local includes
	includes=$(clang -M $TIDY_FLAGS "$1" 2>/dev/null) || return 0
	includes=$(tr -d '\\' <<<"${includes#*:}")
	{ echo "$TIDY_TOOL $includes" && xargs cat <<<"$includes"; } | sha256sum
}

# What it costs, of 14 files (clang-tidy 14): 22.3 s of processor time, 2.1 s without the clang analyzer. Nearly all of that is its walk
# through each function (core alone: 18.6 s of the analyzer's 21.8), which every one of its checks needs: without those for C++ and Apple, or
# without unix, valist or deadcode it costs the same. Functions of headers are not walked in every file. So no check is left out; what is
# bounded is the number of states looked at in one function, which few functions reach: of 13 other files 23.7 s with the analyzer's own
# bound of 225,000, 13.4 s with 120,000, 7.9 s with 60,000, and the same findings, none.
# A file without findings is not looked at again while its digest is the same. One file a process: with several, clang-tidy 14 reports
# va_list arguments of the second file as uninitialised.
tidy() { # file
	local now= clean=$KEPT/$1.clean
	[ "${LINT_KEEP:-1}" = 0 ] || now=$(digest "$1")
	[ -z "$now" ] || [ "$now" != "$(cat "$clean" 2>/dev/null)" ] || { echo "$1" >"$TIDY_OUT/$$.as_before"; return 0; }
	rm -f "$clean"
	clang-tidy --quiet "$1" -- $TIDY_FLAGS $TIDY_NODES >"$TIDY_OUT/$$" 2>"$TIDY_OUT/$$.said" || return 1
	[ -z "$now" ] || [ -s "$TIDY_OUT/$$" ] || { mkdir -p "${clean%/*}" && echo "$now" >"$clean"; }
}
export -f digest tidy

# The largest first, so that no process is left alone with one at the end.
status=0
for file; do
	echo "$(stat -c %s -- "$file" 2>/dev/null || echo 0) $file"
done | sort -rn | cut -d' ' -f2- | tr '\n' '\0' |
	xargs -0 -P "${LINT_JOBS:-$(nproc)}" -n 1 bash -c 'tidy "$1"' tidy || status=$?
as_before=$(find "$TIDY_OUT" -name '*.as_before' | wc -l)
rm -f "$TIDY_OUT"/*.as_before
find "$TIDY_OUT" -type f -exec cat {} + >"$work/tidy.txt"
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
[ "$as_before" -eq 0 ] || echo "lint: $as_before as they were when last found clean"
echo "lint: $# files, $count findings"
[ "$count" -eq 0 ]
