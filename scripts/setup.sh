#!/bin/sh
# Installs what the project needs, once: the Debian packages listed in the given file, then .venv from the hashed lock.
# Idempotent: where everything is there it takes a fraction of a second and writes nothing.
set -eu

packages=$1
python=${PYTHON:-python3}
venv=${VENV:-.venv}

. scripts/locked.sh
say() { printf 'setup: %s\n' "$*" >&2; }

install_system_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0 # not Debian: the README names the libraries
    missing=
    while read -r name; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] && continue
        # A Python from elsewhere (pyenv, uv) brings its own venv module.
        [ "$name" = python3-venv ] && "$python" -c 'import ensurepip' 2>/dev/null && continue
        missing="$missing $name"
    done <"$packages"
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        say "please run: sudo apt-get install --no-install-recommends$missing"
        return 0
    fi
    say "installing$missing"
    # shellcheck disable=SC2086 # lists of words
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing; } \
        >"$log" 2>&1 || { tail -n 5 "$log" >&2; say "apt-get failed; please install by hand:$missing"; }
}

install_python_packages() {
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || {
        say "needs Python 3.11 to 3.13, but $python is $("$python" --version); try: make setup PYTHON=python3.12"
        exit 2
    }
    wanted=$(cat requirements.lock pyproject.toml scripts/setup.sh scripts/locked.sh | sha256sum | cut -d' ' -f1)
    [ "$(cat "$venv/.installed" 2>/dev/null)" = "$wanted" ] && return 0
    say "creating $venv (about a minute)"
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements.lock
    unpack_mediapipe_models "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    printf '%s\n' "$wanted" >"$venv/.installed"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
install_system_packages
install_python_packages
