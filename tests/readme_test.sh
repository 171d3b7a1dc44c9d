#!/usr/bin/env bash
# What the README shows is what the program does: the settings table, the example configuration, the commands' names.
set -uo pipefail
cd "$(dirname "$0")/.."
program=${BUILD_DIR:-build/release}/tidewaiter
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # what, command...
	local what=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "readme-test: FAILED: $what"
		head -n 20 "$work/said"
	fi
}

grep '^| `' README.md | grep -E '^\| `[a-z_]+(\.[a-z_]+)?` \| (text|secret|whole number|word|path|paths|lists|mapping|true or false|switch)' >"$work/readme"
"$program" config table | grep '^| `' >"$work/program"
check "the settings table is the program's" diff "$work/readme" "$work/program"

sed -n '/^# tidewaiter.yaml$/,/^```$/p' README.md | sed '$d' >"$work/tidewaiter.yaml"
check "the example configuration is accepted" env KAFKA_PASSWORD=x TIDEWAITER_RANDOM_KEY=0123456789abcdef "$program" config show --redact --config "$work/tidewaiter.yaml"
check "a secret is not printed" sh -c "! grep -q 0123456789abcdef '$work/said'"

for command in run screen top check lists state config version help; do
	check "tidewaiter help $command" "$program" help "$command"
done
for target in demo test bench lint check-layers check-headers fmt deps asan ubsan fuzz install clean; do
	check "make help names $target" sh -c "make help | grep -q '^  $target '"
done
while read -r link; do
	check "the link $link leads somewhere" test -e "$link"
done < <(grep -oE '\]\([a-zA-Z][^):#]*\)' README.md | tr -d '](),' | sort -u | grep -v '^http' | grep -v RESULTS)
echo "readme-test: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
