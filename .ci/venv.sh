#!/bin/sh
# Makes .venv with the newest Python that has what it takes. Does nothing when .venv works; makes it
# anew when it is broken or its Python has been replaced. PYTHON=/path/to/python names the one to use.
set -eu

version='import sys; print(sys.version) if sys.version_info >= (3, 11) else sys.exit(1)'

if now=$(.venv/bin/python -c "$version" 2>/dev/null) &&
    [ -f .venv/python-version ] && [ "$now" = "$(cat .venv/python-version)" ]; then
    exit 0
fi

# Debian's Python has no ensurepip unless python3-venv is installed; its pip can stand in.
create() {
    rm -rf .venv
    "$1" -m venv .venv >/dev/null 2>&1 && return
    rm -rf .venv
    "$1" -m venv --without-pip .venv >/dev/null 2>&1 &&
        "$1" -m pip --python .venv/bin/python install --quiet pip >/dev/null 2>&1
}

found=
for python in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3 python}; do
    now=$("$python" -c "$version" 2>/dev/null) || continue
    found=$python
    if create "$python"; then
        echo "$now" >.venv/python-version
        echo "Made .venv with Python ${now%% *}."
        exit 0
    fi
done

rm -rf .venv
if [ "$found" ]; then
    echo "$found can't make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2
else
    echo "Takeback needs Python 3.11 or newer. Name it with make PYTHON=/path/to/python3 ..." >&2
fi
exit 1
