#!/bin/sh
# Proves that the lock can be installed on 64-bit Arm: fetches every wheel for it, hashes checked, from this machine.
# Markers are evaluated for the Python that runs pip, so the proof is for that version. Needs the network, 160 MB, a minute.
#   PYTHON=python3.12 sh scripts/test_lock.sh
set -eu

cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

set -- --platform manylinux2014_aarch64
for level in 17 24 26 27 28 31 34 35 36; do
    set -- "$@" --platform "manylinux_2_${level}_aarch64"
done
"$python" -m pip download -q --no-deps --require-hashes --only-binary :all: --python-version "$version" \
    --implementation cp --abi "cp$(printf %s "$version" | tr -d .)" --abi abi3 --abi none "$@" \
    -r requirements.lock -d "$folder"
printf 'lock: %s wheels for aarch64 and Python %s, all hashes right\n' "$(find "$folder" -name '*.whl' | wc -l)" "$version"
