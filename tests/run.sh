#!/usr/bin/env bash
# Every test there is, against the build in $BUILD_DIR: Criterion programs, test scripts, the schema check. One Kafka broker serves the run.
#
#   BUILD_DIR=build/release tests/run.sh
#   SANITIZER=asan|ubsan    the build's sanitizer: its findings fail the run, also those that leave a test green
#   TW_TEST_KAFKA=host:port an Apache Kafka that is already there (TW_TEST_KAFKA_SASL: its password door)
#   KEEP=1                  keep the logs and say where
# Ends with "N passed, N failed, N skipped"; 1 when anything failed, crashed, or said nothing.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${BUILD_DIR:?the folder of the test programs, for example build/release}
case $build in /*) ;; *) build=$PWD/$build ;; esac
export BUILD_DIR=$build
work=$(mktemp -d)
. tests/integration/broker/broker.sh

cleanup() {
	broker_stop
	if [ -n "${KEEP:-}" ]; then echo "logs: $work"; else rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

passed=0 failed=0 skipped=0 table=

row() { # name, passed, failed, skipped, seconds, remark
	passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
	table+=$(printf '  %-28s %7d %7d %7d %6ds  %s' "$@")$'\n'
	printf '  %-28s %d passed, %d failed, %d skipped (%d s) %s\n' "$@"
}

case ${SANITIZER:-} in
asan)
	# A leak leaves a Criterion test green: the findings go to files, and a file fails the run.
	export ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:log_path=$work/sanitizer"
	export LSAN_OPTIONS="print_suppressions=0${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
	;;
ubsan) export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:log_path=$work/sanitizer" ;;
'') ;;
*) echo "tests: unknown SANITIZER=$SANITIZER" >&2 && exit 1 ;;
esac

# What the sanitizer wrote during the suite that just ended: shown, moved aside, counted. $log is the suite's.
findings() {
	local file count=0
	for file in "$work"/sanitizer.*; do
		[ -e "$file" ] || continue
		# the simulation's coroutines: told once a process, and no finding
		grep -qv "ASan doesn't fully support makecontext/swapcontext" "$file" || { rm "$file" && continue; }
		count=$((count + 1))
		[ "$count" -gt 3 ] || { echo "--- ${SANITIZER}: finding $count"; head -n 40 "$file"; } >&2
		mv "$file" "$log.finding.$count"
	done
	echo "$count"
}

criterion() { # program
	local name=$1 log=$work/$1.log begin=$SECONDS status line tested_passed=0 tested_failed=0 crashed=0 left_out remark= found
	[ -x "$build/$name" ] || { row "$name" 0 1 0 0 "the program is missing"; return; }
	timeout "${SUITE_S:-1500}" "$build/$name" --verbose --color=never >"$log" 2>&1
	status=$?
	line=$(grep -a 'Synthesis: Tested:' "$log" | tail -n 1)
	if [[ $line =~ Passing:\ ([0-9]+)\ \|\ Failing:\ ([0-9]+)\ \|\ Crashing:\ ([0-9]+) ]]; then
		tested_passed=${BASH_REMATCH[1]} tested_failed=${BASH_REMATCH[2]} crashed=${BASH_REMATCH[3]}
	else
		tested_failed=1 remark="ended without a result (exit $status)"
	fi
	left_out=$(grep -ac '^\[SKIP\]' "$log")
	[ "$status" -eq 0 ] || [ $((tested_failed + crashed)) -gt 0 ] || { tested_failed=1 && remark="exit $status"; }
	found=$(findings)
	[ "$found" -eq 0 ] || remark="$found ${SANITIZER} findings"
	if [ $((tested_failed + crashed + found)) -gt 0 ]; then
		grep -av '^\[\(RUN \|PASS\|SKIP\)\]' "$log" | tail -n 200
	fi
	row "$name" "$tested_passed" $((tested_failed + crashed + found)) "$left_out" $((SECONDS - begin)) "$remark"
}

script() { # command...
	local name=${*: -1} log begin=$SECONDS status line this_passed=0 this_failed=0 this_skipped=0 remark= found
	name=${name#tests/} name=${name#"$build"/}
	log=$work/${name//\//-}.log
	timeout "${SUITE_S:-1500}" "$@" >"$log" 2>&1
	status=$?
	line=$(grep -aE '^([A-Za-z_-]+: )?[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1)
	if [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)? ]]; then
		this_passed=${BASH_REMATCH[1]} this_failed=${BASH_REMATCH[2]} this_skipped=${BASH_REMATCH[4]:-0}
	else
		this_failed=1 remark="ended without a result (exit $status)"
	fi
	[ "$status" -eq 0 ] || [ "$this_failed" -gt 0 ] || { this_failed=1 && remark="exit $status"; }
	found=$(findings)
	[ "$found" -eq 0 ] || remark="$found ${SANITIZER} findings"
	[ $((this_failed + found)) -eq 0 ] || tail -n 200 "$log"
	row "$name" "$this_passed" $((this_failed + found)) "$this_skipped" $((SECONDS - begin)) "$remark"
}

if broker_start "$work"; then
	export TW_TEST_KAFKA=$BROKER TW_TEST_KAFKA_SASL=$BROKER_SASL
else
	unset TW_TEST_KAFKA TW_TEST_KAFKA_SASL
	echo "########  NO KAFKA BROKER: every test that needs one is skipped and counted below  ########"
fi

criterion unit-tests
criterion integration-tests
script "$build/simulation"
for test in tests/*_test.sh tests/*/*_test.sh; do
	[ ! -e "$test" ] || script bash "$test"
done
for test in tests/*_test.py tests/*/*_test.py; do
	[ ! -e "$test" ] || script /usr/bin/python3 "$test"
done
[ ! -e tests/schema_check.py ] || script /usr/bin/python3 tests/schema_check.py

printf '\n  %-28s %7s %7s %7s %7s\n%s\n' suite passed failed skipped time "$table"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
