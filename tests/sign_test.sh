#!/usr/bin/env bash
# Signed packs: keys, signatures, and every way in which a pack is not what was signed; at a load, and while running.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/checks.sh

rules() { "$program" rules "$@"; }
pack=$work/packs
cp -r tests/golden/basic/rules "$pack"
mkdir "$pack/sub"
mv "$pack/gun-words.yaml" "$pack/sub/"
printf 'sets:\n  places: {csv: places.csv, column: locode}\n' >"$pack/_sets.yaml"
printf 'locode\nXALOA\n' >"$pack/places.csv"
config=(--config tests/golden/basic/tidewaiter.yaml --set "rules.paths=$pack")

for who in author approver stranger; do
	check "keygen $who" exits 0 rules keygen "$work/$who"
	check "... shows the fingerprint" out_has "fingerprint "
done
check "a private key is for its owner alone" test "$(stat -c %a "$work/author.key")" = 600
check "a key is never written over" exits 78 rules keygen "$work/author"
check "... says so" err_has "never written over"
check "the keys are PEM that openssl knows" sh -c "openssl pkey -in '$work/author.key' -noout && openssl pkey -pubin -in '$work/author.pub' -noout"

signed() { exits "$1" rules verify "$pack" --set "rules.signers=[$work/author.pub, $work/approver.pub]" --set rules.signatures="$2"; }
loads() { exits "$1" "$program" check "${config[@]}" --set "rules.signers=[$work/author.pub, $work/approver.pub]" --set rules.signatures="$2"; }
again() { rm -f "$pack.signatures" && rules sign "$pack" --key "$work/author.key" >/dev/null && rules sign "$pack" --key "$work/approver.key" >/dev/null; }

# ---- one signature, two ----
check "a pack that nobody signed" signed 65 1
check "... by its number" err_has "[TW-R-0910]"
check "it does not load" loads 78 1
check "... and says why" err_has "[TW-R-0910]"
check "without signatures asked for it does" exits 0 "$program" check "${config[@]}"
check "the author signs" exits 0 rules sign "$pack" --key "$work/author.key"
check "... all that is read, and nothing else" out_has "packs.signatures: 5 files, 1 signature"
check "one is enough for one" signed 0 1
check "... and loads" loads 0 1
check "... check says so" out_has "signed     each of 1 rule paths by 1 of 2 signers or more"
check "one of two is not enough for two" signed 65 2
check "... by its number" err_has "1 of the 2 needed [TW-R-0915]"
check "... and does not load" loads 78 2
check "the author signs again" exits 0 rules sign "$pack" --key "$work/author.key"
check "... and counts once" out_has "1 signature"
cp "$pack.signatures" "$work/one"
sed -n '/^signature/p' "$work/one" >>"$pack.signatures"
check "the same signature twice is one signer" signed 65 2
check "the approver signs" sh -c "cp '$work/one' '$pack.signatures' && '$program' rules sign '$pack' --key '$work/approver.key'"
check "two of two" signed 0 2
check "... load" loads 0 2
check "a stranger's signature beside them does no harm" sh -c "'$program' rules sign '$pack' --key '$work/stranger.key'"
check "... still two of two" signed 0 2
check "verify with one key" exits 0 rules verify "$pack" --key "$work/stranger.pub"

# ---- a wrong key ----
rm "$pack.signatures" && rules sign "$pack" --key "$work/stranger.key" >/dev/null
check "a stranger's alone is none" signed 65 1
check "... by its number" err_has "[TW-R-0914]"
again
sed -i "s/^signature \([0-9a-f]*\) ..../signature \1 0000/" "$pack.signatures"
check "a signature that was changed is none" signed 65 1
check "... by its number" err_has "[TW-R-0914]"

# ---- the files ----
again
check "sound before" signed 0 2
tampered() { # what, code, name in the message
	check "$1" signed 65 1
	check "... by its number and name" err_has "$3 [$2]"
	check "... and nothing of it loads" loads 78 1
	check "... by its number and name" err_has "$3 [$2]"
}
cp "$pack/sub/gun-words.yaml" "$work/kept"
sed -i 's/^points: 35/points: 34/' "$pack/sub/gun-words.yaml"
tampered "a file with another byte" TW-R-0911 sub/gun-words.yaml
cp "$work/kept" "$pack/sub/gun-words.yaml"
check "as it was, it is good again" signed 0 2
sed 's/^id: gun-words/id: gun-more/' "$work/kept" >"$pack/sub/gun-more.yaml"
tampered "a file that was added" TW-R-0912 sub/gun-more.yaml
rm "$pack/sub/gun-more.yaml"
mv "$pack/euc-over-draw.yaml" "$work/euc-over-draw.yaml"
tampered "a file that is gone" TW-R-0913 euc-over-draw.yaml
mv "$work/euc-over-draw.yaml" "$pack/euc-over-draw.yaml"
printf 'locode\nXALOB\n' >"$pack/places.csv"
tampered "a table with another row" TW-R-0911 places.csv
printf 'locode\nXALOA\n' >"$pack/places.csv"
mv "$pack/party-listed.yaml" "$pack/sub/"
tampered "a file in another folder" TW-R-0913 party-listed.yaml
mv "$pack/sub/party-listed.yaml" "$pack/"
echo "read me" >"$pack/README.md"
check "what no load reads is not spoken of" signed 0 2
sed -i 's/^points: 35/points: 36/' "$pack/sub/gun-words.yaml"
check "signing other contents" exits 0 rules sign "$pack" --key "$work/author.key"
check "... drops the signatures of those before" out_has "2 signatures of other files were dropped"
check "... so that the approver has to look" signed 65 2

# ---- the file of signatures ----
again
cp "$pack.signatures" "$work/good"
damaged() { # what, line
	check "damaged: $1" signed 65 1
	check "... at its line" err_has "packs.signatures:$2: no line of a file of signatures: [TW-R-0916]"
}
echo "signature short" >>"$pack.signatures"
damaged "a short line" 9
sed '1s/1$/2/' "$work/good" >"$pack.signatures"
damaged "another version" 1
head -c -1 "$work/good" >"$pack.signatures"
damaged "cut off" 8
: >"$pack.signatures"
damaged "empty" 1
cp "$work/good" "$pack.signatures"

# ---- settings ----
check "a key for two signers" exits 78 "$program" check "${config[@]}" --set "rules.signers=[$work/author.pub, $work/author.pub]" --set rules.signatures=2
check "... is one person" err_has "stands twice"
check "more signatures than signers" exits 78 "$program" check "${config[@]}" --set "rules.signers=[$work/author.pub]" --set rules.signatures=2
check "signers without signatures" exits 78 "$program" check "${config[@]}" --set "rules.signers=[$work/author.pub]"
check "... would verify nothing" err_has "nothing would be verified"
check "a private key for a public one" exits 78 "$program" check "${config[@]}" --set "rules.signers=[$work/author.key]" --set rules.signatures=1
check "sign without a key" exits 64 rules sign "$pack"
check "sign with a public key" exits 78 rules sign "$pack" --key "$work/author.pub"
check "sign a folder without a name" exits 78 rules sign . --key "$work/author.key"
check "verify without keys" exits 78 rules verify "$pack"
rules sign "$pack/sub/gun-words.yaml" --key "$work/author.key" >/dev/null
check "one file is a pack too" exits 0 rules verify "$pack/sub/gun-words.yaml" --key "$work/author.pub"

# ---- while running ----
log=$work/run.log
"$program" run "${config[@]}" --set "rules.signers=[$work/author.pub, $work/approver.pub]" --set rules.signatures=2 --set state.store=memory --set reload.poll_ms=0 \
	--set 'kafka.properties={test.mock.num.brokers: "1"}' >"$log" 2>&1 &
engine=$!
said() { for _ in $(seq 100); do grep -q "$1" "$log" && return 0; sleep 0.1; done; cat "$log"; return 1; }
check "a signed pack runs" said event=started
sed -i 's/^points: 36/points: 90/' "$pack/sub/gun-words.yaml"
kill -HUP "$engine"
check "what was tampered with is refused while running" said 'event=reload_refused .*TW-R-0911'
again
kill -HUP "$engine"
check "signed anew by both, it is taken" said 'event=reloaded '
kill "$engine"
wait "$engine"
check "and it ends in order" test $? -eq 0
checks_end
