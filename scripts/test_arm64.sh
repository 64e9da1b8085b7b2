#!/bin/sh
# Runs the unit tests, then `soundit bench --quick`, as 64-bit Arm does: emulated by qemu-user, in a Debian 12 root
# with the lock's wheels for aarch64. Needs root, the network for the first time, and more than half an hour: emulated code
# is ten to twenty times slower, so the figures of the bench tell nothing of a real machine; that it ends does.
# Root and wheels are kept in ~/.cache/soundit/arm64 (2 GB) for the next time; ARM64_CACHE names another folder.
#   sh scripts/test_arm64.sh [COMMAND …]                                another command instead of both
#   ARM64_TESTS="tests/audio tests/inference" sh scripts/test_arm64.sh  other tests
set -eu

cd "$(dirname "$0")/.."
cache=${ARM64_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/soundit/arm64}
root=$cache/root
say() { printf 'arm64: %s\n' "$*" >&2; }
. scripts/debian_root.sh

# What depends on the machine: models and the two runtimes, what numpy and OpenCV compute, threads and their order.
# The rest is left out for its time, or because it needs a browser, a sound server or the recordings.
tests="tests/inference tests/senses"
tests=${ARM64_TESTS:-$tests}

missing=
for package in qemu-user-static binfmt-support arch-test mmdebstrap; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -z "$missing" ] || { say "please run: sudo apt-get install --no-install-recommends$missing"; exit 2; }
enter_namespace scripts/test_arm64.sh "$@"

# The kernel starts programs for aarch64 by qemu, once it knows of it; a container may not have been given that.
binfmt=/proc/sys/fs/binfmt_misc
[ -e "$binfmt/register" ] || mount -t binfmt_misc binfmt_misc "$binfmt"
[ -e "$binfmt/qemu-aarch64" ] || cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$binfmt/register"

make_root bookworm "ca-certificates,git,gcc,libc6-dev,$(paste -sd, packages.txt)" --architectures=arm64
copy_checkout
mount_system

python=$(in_root python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
.venv/bin/python -m tools.lock.aarch64 fetch "$python" "$cache/wheels"
mkdir -p "$root/srv/wheels"
mount --bind -o ro "$cache/wheels" "$root/srv/wheels"
in_root PIP_NO_COMPILE=1 PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels sh scripts/setup.sh packages.txt

[ $# -eq 0 ] || { in_root "$@"; exit; }

# shellcheck disable=SC2086 # a list of words
in_root OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 SLOWER=20 .venv/bin/pytest -p no:cacheprovider \
    --numprocesses 2 --dist loadfile -m "not browser and not data" $tests
in_root .venv/bin/soundit bench --quick --json
