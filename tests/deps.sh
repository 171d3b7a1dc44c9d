#!/usr/bin/env bash
# Install the Debian packages named as arguments that are not there yet; silent when all are.
set -euo pipefail

missing=()
for package in "$@"; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$status" = "install ok installed" ] || missing+=("$package")
done
# A compiler, a JVM or Maven may come from elsewhere than Debian: what works is not installed again.
kept=()
for package in ${missing[@]+"${missing[@]}"}; do
	case $package in
	gcc | make | python3 | clang) command -v "$package" >/dev/null || kept+=("$package") ;;
	maven) command -v mvn >/dev/null || kept+=("$package") ;;
	default-jre-headless) command -v java >/dev/null || kept+=("$package") ;;
	*) kept+=("$package") ;;
	esac
done
[ ${#kept[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
	echo "deps: this machine has no apt-get; please install: ${kept[*]}" >&2
	exit 1
fi
root=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "deps: need root or sudo to install: ${kept[*]}" >&2; exit 1; }
	root=(sudo)
fi
echo "deps: installing ${kept[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Debian starts a package's service on install; ours are started by the tests, on private ports, and ended by them.
policy=/usr/sbin/policy-rc.d
made_policy=
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null && "${root[@]}" chmod 755 "$policy" && made_policy=1
fi
ok=0
{ "${root[@]}" apt-get update -q && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -q --no-install-recommends "${kept[@]}"; } >"$log" 2>&1 || ok=$?
[ -z "$made_policy" ] || "${root[@]}" rm -f "$policy"
if [ "$ok" -ne 0 ]; then
	tail -n 20 "$log" >&2
	echo "deps: apt-get failed (above); needed: ${kept[*]}" >&2
	exit 1
fi
