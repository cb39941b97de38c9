#!/bin/sh
# Makes sure that the tests have a Valkey or Redis server: one that is there, else Debian's.
set -eu

if [ "${TAKEBACK_VALKEY:-}" ] || command -v valkey-server >/dev/null || command -v redis-server >/dev/null; then
    exit 0
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || { sleep 5 && apt-get update -qq; }
    for package in valkey-server redis-server; do
        if apt-get install -qq -y --no-install-recommends "$package" >/dev/null 2>&1; then
            exit 0
        fi
    done
fi

echo "No Valkey for the tests: install valkey-server or redis-server, or set TAKEBACK_VALKEY to its path." >&2
exit 1
