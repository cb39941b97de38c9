#!/bin/sh
# Makes sure that the tests have a Valkey or Redis server, and the proxies of deploy/ where they can be had.
set -eu

has() { command -v "$1" >/dev/null; }

has_store() { [ "${TAKEBACK_VALKEY:-}" ] || has valkey-server || has redis-server; }

# Installed, but not started: RUNLEVEL tells the packages so.
install() { RUNLEVEL=1 apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1; }

if [ "$(id -u)" = 0 ] && has apt-get && ! { has_store && has nginx && has caddy && has openssl; }; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || { sleep 5 && apt-get update -qq; }
    has_store || install valkey-server || install redis-server || true
    install nginx-light caddy openssl || echo "No proxies: their tests are skipped." >&2
fi

if ! has_store; then
    echo "No Valkey for the tests: install valkey-server or redis-server, or set TAKEBACK_VALKEY to its path." >&2
    exit 1
fi
