#!/bin/sh
# Makes .venv-train, in which models are trained and quantised (Python 3.11 or 3.12; some 2 GB). Idempotent.
set -eu

python=${PYTHON:-python3}
venv=.venv-train
requirements=tools/train/requirements.txt
wanted=$(cat "$requirements" scripts/setup_train.sh | sha256sum | cut -d' ' -f1)
[ "$(cat "$venv/.installed" 2>/dev/null)" = "$wanted" ] && exit 0

printf 'train: creating %s (some minutes)\n' "$venv" >&2
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
# Alone and first: in one call with the others a build for GPUs, several gigabytes, may be chosen.
"$venv/bin/pip" install -q "$(grep '^torch==' "$requirements")"
"$venv/bin/pip" install -q -r "$requirements"
# Only for its model files, which find the faces in pictures of a user's own; its code and what that needs are not used.
"$venv/bin/pip" install -q --no-deps mediapipe==0.10.18
printf '%s\n' "$wanted" >"$venv/.installed"
