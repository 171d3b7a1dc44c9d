#!/usr/bin/env bash
# Every test there is, against the build in $BUILD_DIR: Criterion programs, test scripts, the schema check. One Kafka broker serves the run.
# Three suites run at a time, for most of what needs a broker stands and waits; a suite that computes gives way to one that waits. What a
# suite has to say is shown whole when it ends; the table keeps the order in which the suites are named below.
#
#   BUILD_DIR=build/release tests/run.sh
#   SANITIZER=asan|ubsan    the build's sanitizer: its findings fail the run, also those that leave a test green
#   TW_TEST_KAFKA=host:port an Apache Kafka that is already there (TW_TEST_KAFKA_SASL: its password door)
#   TEST_JOBS=1             how many suites at a time
#   KEEP=1                  keep the logs and say where
# Ends with "N passed, N failed, N skipped"; 1 when anything failed, crashed, or said nothing.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${BUILD_DIR:?the folder of the test programs, for example build/release}
case $build in /*) ;; *) build=$PWD/$build ;; esac
export BUILD_DIR=$build
work=$(mktemp -d)
. tests/integration/broker/broker.sh

workers=()
cleanup() {
	if [ ${#workers[@]} -gt 0 ]; then
		kill "${workers[@]}" 2>/dev/null
		wait "${workers[@]}" 2>/dev/null
	fi
	broker_stop
	if [ -n "${KEEP:-}" ]; then echo "logs: $work"; else rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

case ${SANITIZER:-} in
asan | ubsan | '') ;;
*) echo "tests: unknown SANITIZER=$SANITIZER" >&2 && exit 1 ;;
esac

# ---- one suite; in a process of its own

# Where this suite's sanitizer writes to. A leak leaves a Criterion test green: the findings go to files, and a file fails the run.
sanitizer_begin() { # log
	case ${SANITIZER:-} in
	asan)
		export ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:log_path=$1.sanitizer"
		export LSAN_OPTIONS="print_suppressions=0${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
		;;
	ubsan) export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:log_path=$1.sanitizer" ;;
	esac
}

# What the sanitizer wrote during the suite: shown, counted in $found.
findings() { # log
	local file
	found=0
	for file in "$1".sanitizer.*; do
		[ -e "$file" ] || continue
		# the simulation's coroutines: told once a process, and no finding
		grep -qv "ASan doesn't fully support makecontext/swapcontext" "$file" || continue
		found=$((found + 1))
		[ "$found" -gt 3 ] || { echo "--- ${SANITIZER}: finding $found" && head -n 40 "$file"; }
	done
	[ "$found" -eq 0 ] || remark="$found ${SANITIZER} findings"
}

# Sets $status. To be stopped, the suite is asked.
run() { # niceness, log, command...
	local priority=$1 log=$2
	shift 2
	nice -n "$priority" timeout "${SUITE_S:-1500}" "$@" >"$log" 2>&1 &
	running=$!
	wait "$running"
	status=$?
	running=
	return 0
}

# Sets $processor: the seconds of processor time, user and system, of all suites that this process has run.
processor_read() {
	local line file=$work/$BASHPID.times
	times >"$file" # of this process and no other: no pipe
	line=$(tail -n 1 "$file")
	[[ $line =~ ^([0-9]+)m([0-9]+)[^\ ]*\ ([0-9]+)m([0-9]+) ]]
	processor=$((60 * (BASH_REMATCH[1] + BASH_REMATCH[3]) + 10#${BASH_REMATCH[2]} + 10#${BASH_REMATCH[4]}))
}

# These read a suite's log and set $passed, $failed, $skipped and $remark.
read_criterion() { # log
	local line crashed=0
	line=$(grep -a 'Synthesis: Tested:' "$1" | tail -n 1)
	if [[ $line =~ Passing:\ ([0-9]+)\ \|\ Failing:\ ([0-9]+)\ \|\ Crashing:\ ([0-9]+) ]]; then
		passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]} crashed=${BASH_REMATCH[3]}
	else
		failed=1 remark="ended without a result (exit $status)"
	fi
	failed=$((failed + crashed))
	skipped=$(grep -ac '^\[SKIP\]' "$1")
}

read_script() { # log
	local line
	line=$(grep -aE '^([A-Za-z_-]+: )?[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$1" | tail -n 1)
	if [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)? ]]; then
		passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]} skipped=${BASH_REMATCH[4]:-0}
	else
		failed=1 remark="ended without a result (exit $status)"
	fi
}

# Prints what the suite said when it failed, and its line; its counts are left in $work/NUMBER.row.
suite_run() { # number
	local begin=$SECONDS passed=0 failed=0 skipped=0 remark='' found=0 status processor before name=${names[$1]} kind=${kinds[$1]}
	local log=$work/${name//\//-}.log
	sanitizer_begin "$log"
	processor_read
	before=$processor
	case $kind in
	criterion) run "${niceness[$1]}" "$log" "${paths[$1]}" --verbose --color=never && read_criterion "$log" ;;
	program) run "${niceness[$1]}" "$log" "${paths[$1]}" && read_script "$log" ;;
	*) run "${niceness[$1]}" "$log" "$kind" "${paths[$1]}" && read_script "$log" ;;
	esac
	[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || { failed=1 && remark="exit $status"; }
	processor_read
	{
		flock 9
		findings "$log"
		failed=$((failed + found))
		[ "$failed" -eq 0 ] || { echo "--- $name" && grep -av '^\[\(RUN \|PASS\|SKIP\)\]' "$log" | tail -n 200; }
		printf '  %-28s %d passed, %d failed, %d skipped (%d s) %s\n' "$name" "$passed" "$failed" "$skipped" $((SECONDS - begin)) "$remark"
		echo "$passed $failed $skipped $((SECONDS - begin)) $((processor - before)) $remark" >"$work/$1.row"
	} 9>>"$work/said"
}

# Takes one suite after the other that nobody else has taken.
worker() { # numbers of suites, in the order of its liking
	local number running=
	trap '[ -z "$running" ] || kill "$running" 2>/dev/null; exit 143' TERM
	for number; do
		! mkdir "$work/$number.taken" 2>/dev/null || suite_run "$number"
	done
}

# ---- all of them

# A row a suite: what runs it (criterion, program, or an interpreter), its file, how it is called in the table, how much it gives way.
kinds=() paths=() names=() niceness=()
waiting=() computing=() # their numbers

suite() { # kind, path
	local name=${2#tests/} number=${#paths[@]}
	name=${name#"$build"/}
	kinds+=("$1") paths+=("$2") names+=("$name")
	case $name in
	integration-tests | duplicates_kafka_test.sh | engine_test.sh | outage_test.sh | reload_test.sh | state_test.sh | stops_test.sh | workers_test.sh)
		waiting+=("$number") niceness+=(0)
		;;
	unit-tests | simulation | gates_test.sh | lists_test.sh | resume_test.sh | rules_test.sh | scenarios_test.sh) # the long ones first
		computing=("$number" ${computing[@]+"${computing[@]}"}) niceness+=(10)
		;;
	*) computing+=("$number") niceness+=(10) ;;
	esac
}

suite criterion "$build/unit-tests"
suite criterion "$build/integration-tests"
suite program "$build/simulation"
for test in tests/*_test.sh tests/*/*_test.sh; do
	[ ! -e "$test" ] || suite bash "$test"
done
for test in tests/*_test.py tests/*/*_test.py tests/schema_check.py; do
	[ ! -e "$test" ] || suite /usr/bin/python3 "$test"
done

# The sample's lists, read once: the many starts of the program map them. Those suites read them from their own files that are about that.
export TW_TEST_LISTS=$work/sample.twl
"$build/tidewaiter" lists build --quiet --config feeds/sample/tidewaiter.yaml --out "$TW_TEST_LISTS" >&2 || unset TW_TEST_LISTS

if broker_start "$work"; then
	export TW_TEST_KAFKA=$BROKER TW_TEST_KAFKA_SASL=$BROKER_SASL
else
	unset TW_TEST_KAFKA TW_TEST_KAFKA_SASL
	echo "########  NO KAFKA BROKER: every test that needs one is skipped and counted below  ########"
fi

for ((job = 0; job < ${TEST_JOBS:-3}; job++)); do
	if [ "$job" -eq 1 ]; then
		worker "${computing[@]}" "${waiting[@]}" &
	else
		worker "${waiting[@]}" "${computing[@]}" &
	fi
	workers+=($!)
done
wait "${workers[@]}"
workers=()

passed=0 failed=0 skipped=0
printf '\n  %-28s %7s %7s %7s %7s %9s\n' suite passed failed skipped time processor
for number in "${!names[@]}"; do
	row="0 1 0 0 0 was never run to its end"
	[ ! -s "$work/$number.row" ] || read -r row <"$work/$number.row"
	read -r suite_passed suite_failed suite_skipped suite_s processor_s remark <<<"$row"
	passed=$((passed + suite_passed)) failed=$((failed + suite_failed)) skipped=$((skipped + suite_skipped))
	printf '  %-28s %7d %7d %7d %6ds %8ds  %s\n' "${names[$number]}" "$suite_passed" "$suite_failed" "$suite_skipped" "$suite_s" "$processor_s" "$remark"
done
printf '\n%s\n' "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
