# Sourced by the scripts that install Python packages: what requirements.lock pins of some names, and MediaPipe's models.

locked() { # locked NAME…: prints the lock of these packages, with their hashes and markers
    printf '%s\n' "$@" | awk 'NR == FNR { wanted[$1]; next } /^[a-z0-9]/ { on = substr($1, 1, index($1, "==") - 1) in wanted } on' - requirements.lock
}

# MediaPipe's models are data, and the same in every wheel: where its code is not installed (on Python 3.13 it has no
# wheel), they are unpacked from the wheel of 3.12.
unpack_mediapipe_models() { # unpack_mediapipe_models VENV
    site=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    [ -d "$site/mediapipe" ] && return 0
    unpacked=$(mktemp -d)
    locked mediapipe | sed 's/ ;[^\\]*/ /' >"$unpacked/mediapipe.lock"
    "$1/bin/pip" download -q --no-deps --require-hashes --only-binary :all: --python-version 3.12 \
        -d "$unpacked" -r "$unpacked/mediapipe.lock"
    "$1/bin/python" - "$unpacked" "$site" <<'PY'
import pathlib, sys, zipfile
work, site = sys.argv[1:]
with zipfile.ZipFile(next(pathlib.Path(work).glob("*.whl"))) as wheel:
    wheel.extractall(site, [n for n in wheel.namelist() if n.startswith("mediapipe/modules/") and n.endswith(".tflite")])
PY
    rm -r "$unpacked"
}
