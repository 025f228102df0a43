#!/usr/bin/env bash
# Makes everything that running (`setup.sh`) or testing (`setup.sh tests`) needs. Safe to repeat; quick when done.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-run}

packages=(python3-venv)
commands=(python3)
if [ "$wanted" = tests ]; then
    packages+=(chromium fonts-noto-cjk postgresql)
    commands+=(chromium pg_ctlcluster)
fi

python=$(command -v python3.11 || command -v python3)
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed" >&2; exit 2; }

missing=no
for command in "${commands[@]}"; do command -v "$command" > /dev/null || missing=yes; done
"$python" -c 'import ensurepip' 2> /dev/null || missing=yes
if [ "$wanted" = tests ]; then ls /usr/share/fonts/opentype/noto/NotoSansCJK* > /dev/null 2>&1 || missing=yes; fi
if [ "$missing" = yes ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "Install these Debian packages first (or run this as root): ${packages[*]}" >&2
        exit 2
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null
fi

# Call-card sheets are set with Pango in a Chinese font. Without them everything else runs, and the doctor says so.
set_pages() { ldconfig -p | grep -q libpangoft2 && ls /usr/share/fonts/opentype/noto/NotoSansCJK* > /dev/null 2>&1; }
if ! set_pages; then
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk > /dev/null
    else
        echo "For call-card sheets install: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk" >&2
    fi
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv

# The lock for tests holds all of the lock for running, so what was set up for tests serves for both.
lock_of() { if [ "$1" = tests ]; then echo requirements/dev.txt; else echo requirements/base.txt; fi; }
mark_of() { echo "$1 $(cat "$(lock_of "$1")" requirements/uv.txt pyproject.toml | sha256sum)"; }
done=$(cat .venv/installed 2> /dev/null || true)
# Who has tested here will test again: running must not take the tools away.
case "$done" in "tests "*) wanted=tests ;; esac

if [ "$done" != "$(mark_of tests)" ] && [ "$done" != "$(mark_of "$wanted")" ]; then
    # Only uv comes by pip: it installs the rest some fifteen times as fast.
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
    .venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes "$(lock_of "$wanted")"
    .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
    mark_of "$wanted" > .venv/installed
fi
exec .venv/bin/python tools/compile_messages.py
