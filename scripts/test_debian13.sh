#!/bin/sh
# Proves the lock on Debian 13 (Python 3.13, today's Raspberry Pi OS): makes a root with mmdebstrap, copies what is
# committed into it and runs `make tests` there (types are checked against the stubs of Python 3.11's packages).
# Needs root. The root is kept in .cache/debian13 (about 2 GB) for the next time.
#   sh scripts/test_debian13.sh [COMMAND …]     another command instead of `make tests`
set -eu

cd "$(dirname "$0")/.."
here=$PWD
root=$here/.cache/debian13
say() { printf 'debian13: %s\n' "$*" >&2; }

command -v mmdebstrap >/dev/null || { say "please run: sudo apt-get install --no-install-recommends mmdebstrap"; exit 2; }
[ "$(id -u)" = 0 ] || { say "needs root: sudo make test-debian13"; exit 2; }

if [ ! -e "$root/etc/debian_version" ]; then
    say "making a root (a minute)"
    mkdir -p "$root"
    mmdebstrap --quiet --variant=minbase --include=python3,python3-venv,ca-certificates,git,make,sed trixie "$root"
fi

# The root reaches the network as this machine does: its names, its certificates, its pip settings.
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf; do
    [ ! -e "$file" ] || cp -L "$file" "$root$file"
done
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true

place=srv
checkout=$root/$place/main
rm -rf "$checkout/soundit_edge" "$checkout/tests" "$checkout/tools" "$checkout/scripts" "$checkout/benches" "$checkout/models"
mkdir -p "$checkout" "$root/$place/shared/data"
git ls-files -z | tar --null -cf - -T - | tar -xf - -C "$checkout"
# Tests that look at what is committed want a checkout.
(cd "$checkout" && rm -rf .git && git init -q . && git add -A)

cleanup() { for point in $place/shared/data dev/shm dev proc; do umount -l "$root/$point" 2>/dev/null || true; done; }
trap cleanup EXIT
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
[ ! -d ../shared/data ] || mount --bind -o ro ../shared/data "$root/$place/shared/data"

[ $# -gt 0 ] || set -- make tests
chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt PIP_DEFAULT_TIMEOUT=180 \
    sh -c 'cd "$1" && shift && python3 --version && "$@"' sh "/$place/main" "$@"
