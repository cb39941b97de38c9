#!/bin/sh
# Makes sure that the browser tests have a Chromium: one that is there, else Debian's, else Playwright's.
set -eu

if [ "${TAKEBACK_CHROMIUM:-}" ] || command -v chromium >/dev/null; then
    exit 0
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || { sleep 5 && apt-get update -qq; }
    if apt-get install -qq -y --no-install-recommends \
        chromium fonts-dejavu-core fonts-liberation fonts-lmodern >/dev/null; then
        exit 0
    fi
fi

.venv/bin/python -m playwright install chromium || {
    echo "No Chromium for the browser tests: install one, or set TAKEBACK_CHROMIUM to its path." >&2
    exit 1
}
