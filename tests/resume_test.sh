#!/usr/bin/env bash
# `screen` killed with SIGKILL again and again, and resumed each time, writes what an undisturbed run writes, byte for byte; and it refuses to go on
# where the bytes would not be those. Moments of death are seeded (SEED) and told by the checkpoint's own line count, not by the clock.
# EVENTS is how many generated events go between the sample's.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${BUILD_DIR:-build/release}
program=$build/tidewaiter
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0
RANDOM=${SEED:-1914}

check() { # what, command...
	local what=$1
	shift
	if "$@" >"$work/said" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "resume-test: FAILED: $what" && tail -n 5 "$work/said"; fi
}

# Sets $reached, without a process of its own: it is asked a hundred times a second.
lines_read() {
	local key value
	reached=
	while read -r key value; do
		[ "$key" != lines ] || reached=$value
	done 2>/dev/null <"$out.checkpoint"
}
lines_done() { lines_read && echo "$reached"; }

refused() { # exit, words: the run is refused so, and neither output nor checkpoint changes
	local wanted=$1 words=$2 status=0
	shift 2
	cp "$out" "$work/before" && cp "$out.checkpoint" "$work/before.checkpoint"
	"$@" >"$work/refusal" 2>&1 || status=$?
	cat "$work/refusal"
	[ "$status" -eq "$wanted" ] && grep -qF -- "$words" "$work/refusal" && cmp "$out" "$work/before" && cmp "$out.checkpoint" "$work/before.checkpoint"
}

# Generated events in two files, the sample's stories before, between and after them: every kind of event, dead letters, lines far apart that meet
# in one entity. Every fifth consignment is raised at random, so that no stretch of the output is empty.
count=${EVENTS:-60000}
if [ ! -x "$build/bench/bench_events" ]; then
	echo "resume-test: FAILED: $build/bench/bench_events is missing: make test-programs"
	echo "resume-test: 0 passed, 1 failed"
	exit 1
fi
"$build/bench/bench_events" "$count" 7 --envelope >"$work/generated"
half=$((count / 2))
{ cat feeds/sample/damaged.ndjson && head -n "$half" "$work/generated" && head -n 300 feeds/sample/traffic.ndjson; } >"$work/a.ndjson"
{ tail -n +301 feeds/sample/traffic.ndjson && tail -n +$((half + 1)) "$work/generated" && cat feeds/sample/real_bills.ndjson; } >"$work/b.ndjson"
# Sent again at the very end: events that were seen long ago add nothing, also when the process that saw them was killed.
{ head -n 300 feeds/sample/traffic.ndjson && head -n 3000 "$work/generated"; } >"$work/c.ndjson"
inputs=("$work/a.ndjson" "$work/b.ndjson" "$work/c.ndjson")
total=$(cat "${inputs[@]}" | grep -c .)
out=$work/out
common=(--config feeds/sample/tidewaiter.yaml ${TW_TEST_LISTS:+--set "compiled.path=$TW_TEST_LISTS"} --set duplicates.window=100000 --set random.share_ppm=200000 --set output.checkpoint_ms=0 --set batch.events=250)
screen() { "$program" screen "${common[@]}" --quiet "$@"; }
begin() { # the same in the background, its own process behind $pid: a function would be a shell's
	"$program" screen "${common[@]}" --quiet "$@" 2>>"$work/log" &
	pid=$!
}

check "the undisturbed run" screen --out "$work/expected" "${inputs[@]}"
check "its output is not small" test "$(wc -l <"$work/expected")" -gt $((count / 20))
check "its checkpoint says so" grep -qx "state finished" "$work/expected.checkpoint"
screen --out "$work/once" "${inputs[@]:0:2}" 2>/dev/null
check "events that are sent again add nothing" cmp "$work/expected" "$work/once"

# A run that is killed once its checkpoint has reached the given line. @return 0 when it was killed before its end
killed_at() {
	begin --resume --out "$out" "${inputs[@]}"
	while kill -0 "$pid" 2>/dev/null; do
		lines_read
		[ "${reached:-0}" -lt "$1" ] || break
		sleep 0.01 # a checkpoint's distance, and the program has the processor meanwhile
	done
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	pid=
	! grep -qx "state finished" "$out.checkpoint"
}

kills=0 at=0 torn=0
while at=$((at + 1 + (RANDOM * 32768 + RANDOM) % (total / 5))) && [ "$at" -lt "$total" ]; do
	killed_at "$at" || break
	kills=$((kills + 1))
	recorded=$(sed -n 's/^output //p' "$out.checkpoint")
	if [ "$(wc -c <"$out")" -gt "$recorded" ]; then
		torn=$((torn + 1))
	elif [ $((kills % 2)) -eq 0 ]; then # what a kill within a write leaves: half a line that no checkpoint counts
		printf '{"topic":"tw.alerts","key":"half a li' >>"$out"
		torn=$((torn + 1))
	fi
done
check "it was killed before its end several times ($kills)" test "$kills" -ge 4
check "some kills left a tail to cut ($torn)" test "$torn" -ge 1

# An interrupted run on the last stretch, for the refusals.
cp "$out" "$work/kept" && cp "$out.checkpoint" "$work/kept.checkpoint"
check "the last kill left it unfinished" grep -qx "state running" "$out.checkpoint"
check "another topic is refused" refused 78 "settings that change the output" screen --resume --topic tw.manifests --out "$out" "${inputs[@]}"
check "another random key is refused" refused 78 "settings that change the output" screen --resume --set random.key=another-key-of-some-length --out "$out" "${inputs[@]}"
cp -r rules/packs "$work/packs"
printf '\n# changed\n' >>"$(find "$work/packs" -name '*.y*ml' | sort | head -n 1)"
check "changed rules are refused" refused 78 "not those of the earlier run" screen --resume --set rules.paths="$work/packs" --out "$out" "${inputs[@]}"
check "fewer inputs are refused" refused 78 "another number of inputs" screen --resume --out "$out" "${inputs[0]}"
cp "$work/a.ndjson" "$work/a.kept"
echo '{}' >>"$work/a.ndjson"
check "an input of another size is refused" refused 78 "an input has changed" screen --resume --out "$out" "${inputs[@]}"
python3 - "$work/a.kept" "$work/a.ndjson" <<'PYTHON'
import sys
text = open(sys.argv[1], "rb").read()
at = text.index(b'"quantity"', len(text) // 3) + 3
open(sys.argv[2], "wb").write(text[:at] + b"X" + text[at + 1:])
PYTHON
check "one changed byte of what was read is refused" refused 78 "its lines are not" screen --resume --out "$out" "${inputs[@]}"
cp "$work/a.kept" "$work/a.ndjson"
check "inputs in another order are refused" refused 78 "an input has changed" screen --resume --out "$out" "$work/b.ndjson" "$work/a.ndjson" "$work/c.ndjson"
check "standard input is refused" refused 64 "standard input cannot be read again" screen --resume --out "$out" -
check "a pipe is refused" refused 66 "only files can be resumed" screen --resume --out "$out" <(cat "$work/a.ndjson")
check "standard output is refused" refused 64 "needs --out FILE" screen --resume "${inputs[@]}"
sed 's/^lines .*/lines 1/' "$work/kept.checkpoint" >"$out.checkpoint"
check "a changed checkpoint is refused" refused 70 "damaged" screen --resume --out "$out" "${inputs[@]}"
sed '1s/.*/tidewaiter checkpoint 2/' "$work/kept.checkpoint" >"$out.checkpoint"
check "a checkpoint of another format is refused" refused 78 "format 2, not 1" screen --resume --out "$out" "${inputs[@]}"
cp "$work/kept.checkpoint" "$out.checkpoint"
head -c 100 "$work/kept" >"$out"
check "an output that is too short is refused" refused 78 "shorter than its checkpoint says" screen --resume --out "$out" "${inputs[@]}"
cp "$work/kept" "$out"

check "the last run comes to the end" screen --resume --out "$out" "${inputs[@]}"
check "after $kills kills the output is that of the undisturbed run" cmp "$out" "$work/expected"
check "and so is the checkpoint" cmp "$out.checkpoint" "$work/expected.checkpoint"
check "resuming a finished run does nothing, and says so" refused 0 "nothing to do" "$program" screen "${common[@]}" --resume --out "$out" "${inputs[@]}"

# Asked to stop instead of killed; and killed while it reads again.
rm -f "$out" "$out.checkpoint"
killed_at $((total / 2))
at=$(lines_done)
: >"$work/log"
begin --resume --out "$out" "${inputs[@]}"
while kill -0 "$pid" 2>/dev/null && ! grep -q event=resumed "$work/log"; do :; done
kill -TERM "$pid"
wait "$pid"
check "a stop while it reads again ends with 0" test $? -eq 0
check "and leaves the checkpoint as it was" test "$(lines_done)" = "$at"
pid=
begin --resume --out "$out" "${inputs[@]}"
while kill -0 "$pid" 2>/dev/null && [ "$(lines_done)" = "$at" ]; do :; done
kill -TERM "$pid" 2>/dev/null
wait "$pid"
check "a stop on new ground ends with 0" test $? -eq 0
pid=
check "and is resumed to the same bytes" screen --resume --out "$out" "${inputs[@]}"
check "the same bytes" cmp "$out" "$work/expected"

# Appended to what was there: the earlier bytes stay, once.
echo '{"earlier":"line"}' >"$out"
rm -f "$out.checkpoint"
common+=(--set output.append=true)
killed_at $((total / 3))
check "an appending run is resumed" screen --resume --out "$out" "${inputs[@]}"
{ echo '{"earlier":"line"}' && cat "$work/expected"; } >"$work/expected.appended"
check "and keeps what was there" cmp "$out" "$work/expected.appended"

# A run that cannot be resumed leaves no checkpoint that speaks of another output.
check "a pipe is screened without a checkpoint" screen --out "$out" - <"$work/a.kept"
check "and the one before it is gone" test ! -e "$out.checkpoint"
echo "resume-test: $kills kills of $total lines, seed ${SEED:-1914}"
echo "resume-test: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
