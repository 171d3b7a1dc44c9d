#!/usr/bin/env bash
# Whoever meets the program for the first time: help, mistyped words, files that are not there or not what they should be, output that goes
# nowhere. Each has one clear answer and its exit code, and nothing is broken by it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/checks.sh
commands=(screen top run check reload state certificate lists registers trace rules config version help)

# ---- help, and words that are mistyped

check "without a command the overview" exits 64 "$program"
check "... which goes to stderr" err_has "usage: tidewaiter COMMAND"
for command in "${commands[@]}"; do
	check "$command --help" exits 0 "$program" "$command" --help
	check "... names its use" out_has "usage: tidewaiter $command"
	check "$command with an option that is none" exits 64 "$program" "$command" --no-such-option
	check "... names it" err_has "unknown option --no-such-option"
done
check "a mistyped command" exits 64 "$program" scren
check "... is guessed" err_has 'did you mean "screen"?'
check "a word that is near none" exits 64 "$program" foo
check "... is not guessed" err_has 'unknown command foo; `tidewaiter help` lists them'
check "a mistyped option" exits 64 "$program" screen --ouut x
check "... is guessed" err_has 'did you mean "--out"?'
check "a setting without a value" exits 78 "$program" config show --set lanes.red
check "... is said once" err_has "tidewaiter: --set: a setting is PATH=VALUE: lanes.red"

# ---- files that are not there, or not what they should be

check "no such events" exits 66 "$program" screen "$work/none"
check "a folder for events" exits 66 "$program" screen "$work"
check "... says what to name" err_has "$work/*.ndjson"
check "no such alerts" exits 66 "$program" top "$work/none"
check "a folder for alerts" exits 74 "$program" top "$work"
printf 'no alert\n' >"$work/broken"
check "lines that are no alerts" exits 65 "$program" top "$work/broken"
check "... are named" err_has "$work/broken:1: "
check "an alert that nobody raised" exits 1 "$program" top --explain TWS00000000 /dev/null
check "no such settings" exits 78 "$program" check --config "$work/none"
check "a folder for settings" exits 78 "$program" check --config "$work"
check "... says so" err_has "Is a directory"
check "no such rules" exits 78 "$program" screen --quiet --set rules.paths="$work/none" /dev/null
check "... for the tools either" exits 66 "$program" rules lint "$work/none"

# ---- what editors and spreadsheets put into files

event='{"topic":"tw.manifests","value":{"id":"e1","type":"consignment.declared","time":"2026-03-02T08:00:00Z","source":"port","consignment":{"id":"C1","items":[{"line":1,"description":"tiles"}]}}}'
screened() { # file
	"$program" screen --quiet --out "$work/screened" "$1" 2>/dev/null && ! grep -q dead-letter "$work/screened"
}
printf '%s\n' "$event" >"$work/plain"
printf '%s\n' '{"id":"b1","type":"consignment.declared","time":"2026-03-02T08:00:00Z","source":"port","consignment":{"id":"B1"}}' >"$work/bare"
printf '\xef\xbb\xbf%s\r\n\r\n%s' "$event" "${event/e1/e2}" >"$work/marked"
printf '\xef\xbb\xbf' >"$work/mark"
check "an event" screened "$work/plain"
check "a byte-order mark, CRLF, blank lines, no last newline" screened "$work/marked"
check "a byte-order mark in each of two files" exits 0 "$program" screen --quiet "$work/marked" "$work/marked"
check "... is a dead letter in neither" test "$(grep -c dead-letter "$work/out")" -eq 0
check "a byte-order mark and nothing else" screened "$work/mark"
printf 'country,authority,office,name,position,from,to,reference\nPT,Sample Ministry,Lisboa,J\xfcrgen,,,,\n' >"$work/windows.csv"
check "a register as a spreadsheet saves it" exits 78 "$program" screen --quiet --set specimens.path="$work/windows.csv" /dev/null
check "... is refused with its place" err_has "$work/windows.csv:2:27: not UTF-8: save the file as UTF-8"
printf 'country,\033[31mred\n' >"$work/escape.csv"
check "a file with words for a terminal" exits 78 "$program" screen --quiet --set specimens.path="$work/escape.csv" /dev/null
check "... does not reach it" sh -c "! grep -q $'\033' '$work/err'"

# ---- output that goes nowhere

for words in "help" "top $work/plain" "config show" "registers codes" "rules codes"; do
	full() { "$program" $words >/dev/full; }
	check "a full disk: $words" exits 74 full
	check "... in words" test -s "$work/err"
	closed() { "$program" $words >&-; }
	check "no standard output: $words" exits 74 closed
done
check "a reader that leaves: the first line arrives" sh -c "\"$program\" help settings | head -n 1 | grep -q ."
mkfifo "$work/pipe"
check "what is no file is not replaced by one" exits 74 "$program" lists build --out "$work/pipe"
check "... and says so" err_has "$work/pipe: cannot write the compiled lists: not a regular file"
check "... it is what it was" test -p "$work/pipe"
check "metrics likewise" exits 0 "$program" screen --quiet --set metrics.path="$work/pipe" /dev/null
check "... say so" err_has 'reason="not a regular file"'
check "... it is what it was" test -p "$work/pipe"

# ---- what is written is never what is read

same() { # words of a command that has $work/in.* for input and output
	cp "$work/plain" "$work/in.ndjson" && ln -f "$work/in.ndjson" "$work/in.hard" && ln -sf in.ndjson "$work/in.soft"
	"$program" "$@" >"$work/out" 2>"$work/err"
	[ "$?" -eq 78 ] && cmp -s "$work/plain" "$work/in.ndjson" && grep -q "what is read would be written over" "$work/err"
}
check "output into the input" same screen --quiet --out "$work/in.ndjson" "$work/in.ndjson"
check "... says what to do" err_has "$work/in.ndjson is the same file: name another one"
check "... by a hard link" same screen --quiet --out "$work/in.hard" "$work/plain" "$work/in.ndjson"
check "... by a link" same screen --quiet --out "$work/in.soft" "$work/in.ndjson"
check "... appended, it would never end" same screen --quiet --set output.append=true --out "$work/in.ndjson" "$work/in.ndjson"
check "metrics into the input" same screen --quiet --set metrics.path="$work/in.ndjson" "$work/in.ndjson"
check "metrics into the output" same screen --quiet --set metrics.path="$work/in.ndjson" --out "$work/in.soft" "$work/plain"
check "a page into the history" same rules backtest rules/packs --over "$work/in.ndjson" --html "$work/in.ndjson"
check "hits into the names" same lists search --batch "$work/in.ndjson" --out "$work/in.soft"
cp "$work/plain" "$work/kept.checkpoint"
check "a checkpoint into the input" exits 78 "$program" screen --quiet --out "$work/kept" "$work/kept.checkpoint"
check "... which stays" cmp "$work/plain" "$work/kept.checkpoint"
into_itself() { "$program" screen --quiet "$work/in.ndjson" >>"$work/in.ndjson"; }
check "standard output into the input" exits 78 into_itself
printf 'id,name,kind\nL1,Iron Harbour Supply,organisation\n' >"$work/list.csv"
cp "$work/list.csv" "$work/list.kept"
check "compiled lists over a list" exits 78 "$program" lists build --list own=watch-csv:"$work/list.csv" --out "$work/list.csv"
check "... say so" err_has "another file would be written over: it is not a compiled one: name another file, or remove it"
check "... it stays" cmp "$work/list.csv" "$work/list.kept"
check "compiled lists beside it" exits 0 "$program" lists build --list own=watch-csv:"$work/list.csv" --out "$work/list.twl"
check "... and over the ones before" exits 0 "$program" lists build --list own=watch-csv:"$work/list.csv" --out "$work/list.twl"
printf 'serial,maker,model,calibre,country,status,reported_on,reference\nAB 01417,Samplearms,,,XA,stolen,2025-06-10,X1\n' >"$work/marks.csv"
cp "$work/marks.csv" "$work/marks.kept"
check "compiled marks over their list" exits 78 "$program" registers build --set markings.path="$work/marks.csv" --out "$work/marks.csv"
check "... it stays" cmp "$work/marks.csv" "$work/marks.kept"

# ---- words that say nothing, and lines of the wrong form

check "an empty file name" exits 64 "$program" screen ""
check "... is a variable that nobody set" err_has "an operand is empty: is a variable not set?"
check "an empty office" exits 64 "$program" top --office "" "$work/plain"
check "an empty name to search" exits 64 "$program" lists search ""
check "an empty command" exits 64 "$program" ""
check "... is seen" err_has 'unknown command ""'
check "a part of a command that is none" exits 64 "$program" lists serach X
check "... is guessed" err_has 'did you mean "search"?'
check "help of two commands" exits 64 "$program" help top screen
check "a topic that is none" exits 78 "$program" screen --topic tw.manifest "$work/plain"
check "... is guessed" err_has 'did you mean \"tw.manifests'
check "bare events without their topic" exits 0 "$program" screen "$work/bare"
check "... are doubted" err_has "bare events need it"
check "envelopes as bare events" exits 0 "$program" screen --topic tw.manifests "$work/plain"
check "... are doubted" err_has "each line is one bare event of tw.manifests"
check "no report where a run should leave it" exits 66 "$program" reload --set reload.report="$work/none"
check "... is named" err_has "$work/none: no \`run\` has left its number there"
check "an explanation for a spreadsheet" exits 64 "$program" top --explain C1 --format csv "$work/plain"
head -c 100 "$work/plain" | gzip >"$work/a b.gz"
check "a compressed file" exits 66 "$program" screen "$work/a b.gz"
check "... is unpacked by what can be pasted" err_has "zcat '$work/a b.gz' | tidewaiter screen -"

# ---- an environment with nothing in it

check "no environment at all" exits 0 env -i "$program" screen --quiet /dev/null
check "a locale that nobody has" exits 0 env LC_ALL=xx_YY.nothing "$program" help
"$program" screen --quiet --out "$work/alerts" --set random.share_ppm=1000000 --set random.key=0123456789abcdef "$work/plain" 2>/dev/null
coloured() { # TERM, a setting of the environment
	TERM=$1 script -qec "env $2 '$program' top '$work/alerts'" /dev/null </dev/null >"$work/seen" && grep -q $'\033' "$work/seen"
}
uncoloured() { ! coloured "$@"; }
check "a terminal has colours" coloured xterm A=b
check "a dumb one has none" uncoloured dumb A=b
check "... nor with NO_COLOR" uncoloured xterm NO_COLOR=1
checks_end
