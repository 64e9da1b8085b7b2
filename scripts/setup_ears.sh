#!/bin/sh
# Makes the environments of the outside judges of `make bench-ears`, each of its own in .cache/ears (2.5 GB). Idempotent.
# usage: setup_ears.sh JUDGE ...
set -eu

python=${PYTHON:-python3}
for judge in "$@"; do
    venv=.cache/ears/$judge
    wanted=$(sha256sum <scripts/setup_ears.sh | cut -d' ' -f1)
    [ "$(cat "$venv/.installed" 2>/dev/null)" = "$wanted" ] && continue
    printf 'ears: creating %s (some minutes)\n' "$venv" >&2
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    case $judge in
    vibenet) "$venv/bin/pip" install -q vibenet==0.1.0 onnxruntime==1.32.0 ;;
    essentia) "$venv/bin/pip" install -q essentia==2.1b6.dev1389 'numpy<2' ;;
    musicnn)
        # It asks for the TensorFlow and the numpy of 2019, and runs with those of 2023.
        "$venv/bin/pip" install -q --no-deps musicnn==0.1.0
        "$venv/bin/pip" install -q tensorflow-cpu==2.15.1 'numpy<2' librosa==0.11.0 2>&1 | grep -v 'musicnn\|dependency' >&2 || true
        ;;
    *)
        printf 'ears: there is no judge %s; there are vibenet, musicnn and essentia\n' "$judge" >&2
        exit 2
        ;;
    esac
    printf '%s\n' "$wanted" >"$venv/.installed"
done
