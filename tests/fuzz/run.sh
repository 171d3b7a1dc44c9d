#!/usr/bin/env bash
# Every fuzz program in $FUZZ_DIR for $FUZZ_S seconds (60) on a copy of its corpus tests/fuzz/corpus/<name>, two at a time.
# What made one fail stays in build/fuzz/found/<name>. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
programs=${FUZZ_DIR:?the folder of the fuzz programs}
seconds=${FUZZ_S:-60}
found=$PWD/build/fuzz/found
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'kill $(jobs -rp) 2>/dev/null; exit 130' INT TERM

fuzz() { # program
	local name corpus
	name=$(basename "$1")
	name=${name%_fuzz}
	corpus=$work/$name.corpus
	mkdir -p "$corpus" "$found/$name"
	for seeds in "tests/fuzz/corpus/$name" "tests/fuzz/corpus/${name}_fuzz"; do
		[ ! -d "$seeds" ] || cp -r "$seeds/." "$corpus/"
	done
	setpriv --pdeathsig KILL -- "$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=3000 -max_len="${FUZZ_BYTES:-65536}" -print_final_stats=1 \
		-artifact_prefix="$found/$name/" "$corpus" >"$work/$name.log" 2>&1
	echo $? >"$work/$name.status"
	find "$corpus" -type f | wc -l >"$work/$name.corpus_count"
}

names=()
for program in "$programs"/*_fuzz; do
	[ -x "$program" ] || continue
	names+=("$(basename "$program" _fuzz)")
	while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
	fuzz "$program" &
done
wait

passed=0 failed=0
printf '  %-24s %12s %10s %8s  %s\n' target runs runs/s corpus result
for name in ${names[@]+"${names[@]}"}; do
	status=$(cat "$work/$name.status" 2>/dev/null || echo 1)
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")
	rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$work/$name.log")
	if [ "$status" -eq 0 ] && [ -n "$runs" ]; then
		passed=$((passed + 1)) result=ok
		rmdir "$found/$name" 2>/dev/null
	else
		failed=$((failed + 1)) result="FAILED (exit $status), see $found/$name"
	fi
	printf '  %-24s %12s %10s %8s  %s\n' "$name" "${runs:--}" "${rate:--}" "$(cat "$work/$name.corpus_count" 2>/dev/null)" "$result"
	[ "$result" = ok ] || tail -n 60 "$work/$name.log"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
