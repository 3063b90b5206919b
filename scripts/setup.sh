#!/bin/sh
# Makes .venv and installs lock files into it:  scripts/setup.sh requirements.lock [more.lock]
# Instant when exactly those locks are installed already; an interrupted set-up is started over.
# It talks on stderr only and never reads stdin, which belongs to the chat that `make run` starts next.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
unfinished=$venv/unfinished # the process that is setting up, or that was interrupted while it did
log=$venv/setup.log

fail() {
    echo "$*" >&2
    exit 1
}

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

version() { "$1" --version 2>&1 | head -n 1; }

has_venv() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null && return
    fail "$1 has no venv module: install it (on Debian and Ubuntu: sudo apt install" \
        "$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'))," \
        "then run the same command again."
}

# The interpreter asked for, else python3, else the newest one with its version in its name.
# A candidate is run, not only looked up: version managers put names on the PATH that do not run.
find_python() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.14 python3.13 python3.12 python3.11; fi
    for candidate; do
        if fits "$candidate"; then
            has_venv "$candidate"
            echo "$candidate"
            return
        fi
    done
    if command -v "$1" >/dev/null; then found="$1 is $(version "$1")"; else found="there is no $1"; fi
    fail "Chipin needs Python 3.11 or newer, and $found here: install it" \
        "(for example: sudo apt install python3.11-venv, or brew install python@3.13)," \
        "or name one you have with PYTHON=/path/to/python3.12 after the make command."
}

venv_is_sound() {
    [ ! -e "$unfinished" ] && fits "$venv/bin/python" || return 1
    [ -z "${PYTHON:-}" ] || [ "$(version "$PYTHON")" = "$(version "$venv/bin/python")" ]
}

# What is installed is remembered as a copy of each lock, so a changed lock is noticed by its content.
locks_are_installed() {
    for lock; do cmp -s "$lock" "$venv/$lock" || return 1; done
}

make_venv() {
    rm -rf "$venv"
    mkdir "$venv"
    echo $$ >"$unfinished"
    "$1" -m venv "$venv" >"$log" 2>&1 || explain "Making $venv with $1"
}

# uv is quicker when it is there; pip is tried after it, since only pip reads a pip.conf with a company's mirror.
install_locks() {
    for lock; do
        set -- "$@" -r "$lock"
        shift
    done
    if command -v uv >/dev/null && uv pip install --python "$venv/bin/python" --require-hashes "$@"; then return; fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 2 --require-hashes "$@"
}

explain() {
    if grep -qiE 'connection ?error|connect timeout|name resolution|dns error|unreachable|proxy ?error' "$log"; then
        fail "The libraries could not be downloaded, because the package index did not answer: check the network" \
            "(behind a proxy set HTTPS_PROXY, with a mirror of your own set PIP_INDEX_URL), then run the same command again."
    fi
    tail -n 5 "$log" >&2
    fail "$1 failed, for the reason above (all of it is in $log): mend that, then run the same command again."
}

if venv_is_sound && locks_are_installed "$@"; then exit 0; fi

# Asking ps for its name, since the number of a set-up that died may belong to another process by now.
if other=$(cat "$unfinished" 2>/dev/null) && ps -o args= -p "$other" 2>/dev/null | grep -q scripts/setup.sh; then
    fail "Another set-up is at work here (process $other): wait for it, or end it, then run the same command again."
fi

python=
venv_is_sound || python=$(find_python)
echo "Setting up (once, about a minute)..." >&2
[ -z "$python" ] || make_venv "$python"
echo $$ >"$unfinished"
rm -f "$venv"/*.lock
install_locks "$@" >"$log" 2>&1 </dev/null || explain "Installing the libraries"
cp "$@" "$venv"
rm "$unfinished"
