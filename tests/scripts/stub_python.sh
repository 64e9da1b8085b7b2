#!/bin/sh
# Stands in for Python and pip in the tests of scripts/install.sh: makes what these would make, in no time. STUB_FAILS
# is a pattern: a call whose words fit it fails.
set -eu

self=$(readlink -f "$0")
words="$(basename "$0") $*"
case $words in
    ${STUB_FAILS:-nothing}) echo "stub: $words" >&2; exit 1 ;;
esac
case $words in
    *" --version") echo "Python 3.11.2" ;;
    *" -m venv "*)
        mkdir -p "$3/bin" "$3/site/mediapipe"
        cp "$self" "$3/bin/python"
        cp "$self" "$3/bin/pip"
        ;;
    *sysconfig*) echo "$(dirname "$(dirname "$self")")/site" ;;
    pip\ wheel*) # … -w FOLDER SOURCE
        while [ "$1" != -w ]; do shift; done
        touch "$2/soundit_edge-0.1.0-py3-none-any.whl"
        ;;
    pip\ install*.lock)
        while [ $# -gt 1 ]; do shift; done
        cp "$1" "$(dirname "$self")/../installed.lock"
        ;;
    pip\ install*.whl) cp "$self" "$(dirname "$self")/soundit" ;;
esac
