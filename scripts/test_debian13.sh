#!/bin/sh
# Proves the lock on Debian 13 (Python 3.13, today's Raspberry Pi OS): makes a root with mmdebstrap, copies what is
# committed into it and runs `make tests` there (types are checked against the stubs of Python 3.11's packages).
# Needs root. The root is kept in .cache/debian13 (about 2 GB) for the next time.
#   sh scripts/test_debian13.sh [COMMAND …]     another command instead of `make tests`
set -eu

cd "$(dirname "$0")/.."
root=$PWD/.cache/debian13
say() { printf 'debian13: %s\n' "$*" >&2; }
. scripts/debian_root.sh

command -v mmdebstrap >/dev/null || { say "please run: sudo apt-get install --no-install-recommends mmdebstrap"; exit 2; }
enter_namespace scripts/test_debian13.sh "$@"
make_root trixie python3,python3-venv,ca-certificates,git,make,sed

copy_network_settings
copy_checkout
mount_system
mount_data

[ $# -gt 0 ] || set -- make tests
in_root PIP_CERT=/etc/ssl/certs/ca-certificates.crt PIP_DEFAULT_TIMEOUT=180 sh -c 'python3 --version && "$@"' sh "$@"
