#!/usr/bin/env bash
# Does what the Dockerfile and `docker run --read-only` do, where there is no container engine: the libraries from the
# lock, the code read-only, another uid without a home, one writable folder. Needs root. Another interpreter: PYTHON=...
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
    echo "Skipped: $*" >&2
    exit 0
}

python=$(realpath "$(command -v "${PYTHON:-/usr/bin/python3}")") || skip "there is no ${PYTHON:-/usr/bin/python3}; name one with PYTHON="
[ "$(id -u)" = 0 ] || skip "only root can run Chipin as another uid"
command -v setpriv >/dev/null || skip "setpriv (util-linux) is not installed"
uid10001=(setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs)
"${uid10001[@]}" "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    skip "uid 10001 cannot run $python, or it is older than 3.11; name another with PYTHON="

image=$(mktemp -d)
trap 'rm -rf "$image"' EXIT
chmod 755 "$image"
mkdir "$image/app"
install -d -o 10001 -g 10001 -m 700 "$image/data"

echo "== the libraries"
"$python" -m venv "$image/venv"
"$image/venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir \
    --require-hashes --only-binary :all: -r requirements.lock

echo "== the code, read-only"
cp -r bot adapters core "$image/app"
find "$image/app" -name __pycache__ -prune -exec rm -rf {} +
"$image/venv/bin/python" -m compileall -q "$image/app"
chmod -R a+rX,a-w "$image/app" "$image/venv"
# HOME=/ is what an engine gives a uid that has no name.
container=(env -i -C "$image/app" HOME=/ PATH="$image/venv/bin:/usr/bin:/bin" PYTHONDONTWRITEBYTECODE=1
    PYTHONUNBUFFERED=1 DATABASE_URL="sqlite:///$image/data/chipin.db" "${uid10001[@]}")

echo "== the chat"
printf '/balance\nwhat is a deadlock?\n/balance\n/quit\n' | "${container[@]}" python -m bot run

echo "== the health check beside a running process, then the stop signal"
mkfifo "$image/input"
"${container[@]}" python -m bot run <"$image/input" &
bot=$!
exec 3>"$image/input" # held open, so that the chat waits for more
for attempt in {1..30}; do
    sleep 1
    if "${container[@]}" python -m bot health; then break; fi
    [ "$attempt" -lt 30 ] || { echo "not healthy within 30 s" >&2; kill -KILL "$bot"; exit 1; }
done
kill -TERM "$bot"
SECONDS=0
timeout 40 tail --pid="$bot" -f /dev/null || { echo "still running 40 s after SIGTERM" >&2; kill -KILL "$bot"; exit 1; }
wait "$bot"
echo "stopped after $SECONDS s"

echo "== written outside the data folder by uid 10001:"
! find "$image" -path "$image/data" -prune -o -user 10001 -print | grep .
echo "nothing; in it: $(ls "$image/data" | tr '\n' ' ')"
