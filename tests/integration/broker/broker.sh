#!/usr/bin/env bash
# A real Kafka broker on free loopback ports, in a folder of its own.
#
#   broker.sh serve DIR       becomes the broker (same process id); writes DIR/address and DIR/address-sasl before it starts to listen.
#                             Dies with the process that started it, however that one ends.
#   broker.sh await DIR PID   waits until it answers, prints its address; 1 when PID is gone or after BROKER_START_S seconds (60)
#
# The jars come from $KAFKA_HOME/libs when that is set, else from a cache that Maven fills once (46 MB).
# Typical use:  broker.sh serve "$dir" 2>"$dir/log" & pid=$!;  address=$(broker.sh await "$dir" $pid);  ...;  kill $pid; wait $pid
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kafka=3.9.1

fail() {
	echo "broker: $*" >&2
	exit 1
}

# Prints the folder of the jars. A half-filled cache is never seen: Maven fills a neighbour that is then renamed.
jars() {
	local cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tidewaiter/kafka-$kafka scratch
	if [ -n "${KAFKA_HOME:-}" ]; then
		[ -d "$KAFKA_HOME/libs" ] || fail "KAFKA_HOME=$KAFKA_HOME has no folder libs"
		echo "$KAFKA_HOME/libs"
		return
	fi
	if [ ! -d "$cache" ]; then
		command -v mvn >/dev/null || fail "no Maven to fetch Kafka with, and KAFKA_HOME is not set"
		mkdir -p "$(dirname "$cache")"
		scratch=$(mktemp -d "$cache.XXXXXX")
		if ! mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$scratch/jars" >&2; then
			rm -rf "$scratch"
			fail "Maven could not fetch Kafka $kafka"
		fi
		mv -T "$scratch/jars" "$cache" 2>/dev/null || [ -d "$cache" ] || fail "cannot keep $cache"
		rm -rf "$scratch"
	fi
	echo "$cache"
}

free_ports() { # how many
	python3 -c '
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in held: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])' "$1"
}

serve() {
	local dir=$1 libs port sasl controller
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	command -v java >/dev/null || fail "no java"
	libs=$(jars)
	read -r port sasl controller < <(free_ports 3)
	python3 - "$here/server.properties.in" "$dir/server.properties" "PORT=$port" "SASL_PORT=$sasl" "CONTROLLER_PORT=$controller" \
		"DATA=$dir/data" <<-'PYTHON'
		import sys
		text = open(sys.argv[1]).read()
		for pair in sys.argv[3:]:
		    name, value = pair.split("=", 1)
		    text = text.replace("@" + name + "@", value.replace("\\", "\\\\"))
		open(sys.argv[2], "w").write(text)
	PYTHON
	# The class path keeps its star: java expands it, not the shell.
	local java=(java -Xms192m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Dlog4j.configuration=file:$here/log4j.properties" -cp "$libs/*")
	"${java[@]}" kafka.tools.StorageTool format -t dGlkZXdhaXRlcnRlc3RzMQ -c "$dir/server.properties" >&2
	echo "127.0.0.1:$sasl" >"$dir/address-sasl"
	echo "127.0.0.1:$port" >"$dir/address.new"
	mv "$dir/address.new" "$dir/address"
	exec setpriv --pdeathsig KILL -- "${java[@]}" kafka.Kafka "$dir/server.properties"
}

await() {
	local dir=$1 pid=$2 until=$((SECONDS + ${BROKER_START_S:-60})) address
	while [ "$SECONDS" -lt "$until" ]; do
		kill -0 "$pid" 2>/dev/null || return 1
		if [ -s "$dir/address" ]; then
			address=$(cat "$dir/address")
			if kcat -L -m 2 -b "$address" >/dev/null 2>&1; then
				echo "$address"
				return 0
			fi
		fi
		sleep 0.2
	done
	return 1
}

case ${1:-} in
serve) serve "${2:?folder}" ;;
await) await "${2:?folder}" "${3:?pid}" ;;
*) fail "usage: broker.sh serve DIR | await DIR PID" ;;
esac
