# Sourced by test scripts, in the root of the tree: a folder for their work that is gone at the end, checks, and the line that counts them.
#
#   check WHAT COMMAND...   passes when the command does; what it said is kept in $work/said, and shown when it fails
#   exits CODE COMMAND...   passes when the command ends with that code; $work/out and $work/err hold what it wrote
#   out_has TEXT, err_has TEXT   of the last `exits`
#   checks_end              prints "NAME-test: N passed, N failed" as the last line; 1 when any failed
program=${BUILD_DIR:-build/release}/tidewaiter
checks_of=$(basename "$0" .sh)
checks_of=${checks_of//_/-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

check() { # what, command...
	local what=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$checks_of: FAILED: $what"
		head -n 20 "$work/said" | cut -c1-500
	fi
}

exits() { # code, command...
	local wanted=$1 got=0
	shift
	"$@" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" -eq "$wanted" ] && return 0
	echo "exit $got, not $wanted: $*"
	cat "$work/out" "$work/err"
	return 1
}

out_has() { grep -qF -- "$1" "$work/out" || { cat "$work/out"; return 1; }; }
err_has() { grep -qF -- "$1" "$work/err" || { cat "$work/err"; return 1; }; }

checks_end() {
	echo "$checks_of: $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
