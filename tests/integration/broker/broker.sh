#!/usr/bin/env bash
# A real Kafka broker on free loopback ports, in a folder of its own. Sourced by tests and benchmarks:
#
#   broker_start DIR               starts it under DIR, sets BROKER and BROKER_SASL to its two addresses; 1 when there is none to be had.
#                                  With TW_TEST_KAFKA=host:port set, that broker is used (TW_TEST_KAFKA_SASL for the other door).
#   broker_stop                    kills the broker that broker_start started; started again under the same DIR it has its ports and data back
#   KAFKA_VERSION=4.4.0            another version than 3.9.1: the tests run on both lines of Kafka
#   broker_topic NAME PARTITIONS   makes a topic
#   broker_committed GROUP TOPIC   prints the sum of the group's committed offsets
#
# Run as `broker.sh serve DIR` it becomes the broker, in the same process, and dies with the process that started it, however that one ends.
# The jars come from $KAFKA_HOME/libs when that is set, else from a cache that Maven fills once (46 MB).
broker_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
broker_kafka=${KAFKA_VERSION:-3.9.1}
broker_pid=

broker_fail() {
	echo "broker: $*" >&2
	exit 1
}

# Prints the folder of the jars. A half-filled cache is never seen: Maven fills a neighbour that is then renamed.
broker_jars() {
	local cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tidewaiter/kafka-$broker_kafka scratch
	if [ -n "${KAFKA_HOME:-}" ]; then
		[ -d "$KAFKA_HOME/libs" ] || broker_fail "KAFKA_HOME=$KAFKA_HOME has no folder libs"
		echo "$KAFKA_HOME/libs"
		return
	fi
	if [ ! -d "$cache" ]; then
		command -v mvn >/dev/null || broker_fail "no Maven to fetch Kafka with, and KAFKA_HOME is not set"
		mkdir -p "$(dirname "$cache")"
		scratch=$(mktemp -d "$cache.XXXXXX")
		if ! mvn -q -B -f "$broker_home/pom.xml" "-Dkafka.version=$broker_kafka" "-Pkafka${broker_kafka%%.*}" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$scratch/jars" >&2; then
			rm -rf "$scratch"
			broker_fail "Maven could not fetch Kafka $broker_kafka"
		fi
		mv -T "$scratch/jars" "$cache" 2>/dev/null || [ -d "$cache" ] || broker_fail "cannot keep $cache"
		rm -rf "$scratch"
	fi
	echo "$cache"
}

broker_ports() { # how many
	python3 -c '
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in held: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])' "$1"
}

broker_serve() {
	local dir=$1 libs port sasl controller
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	command -v java >/dev/null || broker_fail "no java"
	libs=$(broker_jars)
	# The class path keeps its star: java expands it, not the shell.
	local java=(java -Xms192m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Dlog4j.configuration=file:$broker_home/log4j.properties"
		"-Dlog4j2.configurationFile=$broker_home/log4j2.properties" -cp "$libs/*")
	if [ -s "$dir/address" ]; then # it stood here before: the same ports, the same data
		exec setpriv --pdeathsig KILL -- "${java[@]}" kafka.Kafka "$dir/server.properties"
	fi
	read -r port sasl controller < <(broker_ports 3)
	python3 - "$broker_home/server.properties.in" "$dir/server.properties" "PORT=$port" "SASL_PORT=$sasl" "CONTROLLER_PORT=$controller" \
		"DATA=$dir/data" <<-'PYTHON'
		import sys
		text = open(sys.argv[1]).read()
		for pair in sys.argv[3:]:
		    name, value = pair.split("=", 1)
		    text = text.replace("@" + name + "@", value.replace("\\", "\\\\"))
		open(sys.argv[2], "w").write(text)
	PYTHON
	"${java[@]}" kafka.tools.StorageTool format -t dGlkZXdhaXRlcnRlc3RzMQ -c "$dir/server.properties" >&2
	echo "127.0.0.1:$sasl" >"$dir/address-sasl"
	echo "127.0.0.1:$port" >"$dir/address.new"
	mv "$dir/address.new" "$dir/address"
	exec setpriv --pdeathsig KILL -- "${java[@]}" kafka.Kafka "$dir/server.properties"
}

# Until it answers. 1 when it is gone, or after BROKER_START_S seconds.
broker_await() {
	local dir=$1 until=$((SECONDS + ${BROKER_START_S:-90}))
	while [ "$SECONDS" -lt "$until" ] && kill -0 "$broker_pid" 2>/dev/null; do
		if [ -s "$dir/address" ] && kcat -L -m 2 -b "$(cat "$dir/address")" >/dev/null 2>&1; then
			return 0
		fi
		sleep 0.2
	done
	return 1
}

broker_start() {
	local dir=$1/broker
	if [ -n "${TW_TEST_KAFKA:-}" ]; then
		BROKER=$TW_TEST_KAFKA BROKER_SASL=${TW_TEST_KAFKA_SASL:-}
		return 0
	fi
	mkdir -p "$dir"
	"$broker_home/broker.sh" serve "$dir" >"$dir/log" 2>&1 &
	broker_pid=$!
	if ! broker_await "$dir"; then
		echo "broker: no Kafka broker; its last words:" >&2
		tail -n 5 "$dir/log" >&2
		broker_stop
		return 1
	fi
	BROKER=$(cat "$dir/address")
	BROKER_SASL=$(cat "$dir/address-sasl")
}

broker_stop() {
	if [ -n "$broker_pid" ]; then
		kill -KILL "$broker_pid" 2>/dev/null || true # its data is thrown away: no reason to wait for an orderly end
		wait "$broker_pid" 2>/dev/null || true
		broker_pid=
	fi
}

broker_topic() {
	python3 "$broker_home/ask.py" "$BROKER" topic "$1" "$2"
}

broker_committed() {
	python3 "$broker_home/ask.py" "$BROKER" committed "$1" "$2"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	set -euo pipefail
	[ "${1:-}" = serve ] && [ -n "${2:-}" ] || broker_fail "usage: broker.sh serve DIR, or source it"
	broker_serve "$2"
fi
