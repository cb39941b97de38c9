#!/bin/sh
# Makes sure that the browser tests have a Chromium: one that is there, else Debian's, else Playwright's.
# The one without windows is preferred, and comes to Debian's: the tests then take minutes less.
set -eu

if [ "${TAKEBACK_CHROMIUM:-}" ] || command -v chromium-headless-shell >/dev/null; then
    exit 0
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    packages="chromium-headless-shell fonts-dejavu-core fonts-liberation fonts-lmodern"
    install="apt-get install -qq -y --no-install-recommends"
    $install $packages >/dev/null 2>&1 && exit 0
    command -v chromium >/dev/null && exit 0
    apt-get update -qq || { sleep 5 && apt-get update -qq; }
    $install $packages >/dev/null || $install chromium ${packages#* } >/dev/null && exit 0
fi

command -v chromium >/dev/null && exit 0

.venv/bin/python -m playwright install chromium || {
    echo "No Chromium for the browser tests: install one, or set TAKEBACK_CHROMIUM to its path." >&2
    exit 1
}
