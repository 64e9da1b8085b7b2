#!/bin/sh
# Proves scripts/install.sh with the real pip in a clean root: Debian 12's, out of which apt and dpkg are taken once
# Python and PortAudio are there, under the name of another distribution. Installs, plays, upgrades, removes, purges.
# Needs root, the network and mmdebstrap; keeps the root and pip's downloads in .cache/deb for the next time.
#   sh scripts/test_install.sh
set -eu

cd "$(dirname "$0")/.."
cache=$PWD/.cache/deb
say() { printf 'install: %s\n' "$*" >&2; }
. scripts/debian_root.sh

enter_namespace scripts/test_install.sh "$@"
mkdir -p "$cache/pip"
root=$cache/root-12
make_root bookworm ca-certificates
work=$(mktemp -d "$cache/install.XXXXXX")
trap 'umount -R "$work/root" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
mount_copy "$root" "$work"
copy_network_settings
copy_checkout
mount_system
mkdir -p "$root/trial/pip"
mount --bind "$cache/pip" "$root/trial/pip"
cp scripts/deb/start.py scripts/trial_install.sh "$root/trial/"
in_root PIP_CACHE_DIR=/trial/pip PIP_CERT=/etc/ssl/certs/ca-certificates.crt PIP_DEFAULT_TIMEOUT=180 \
    DEBIAN_FRONTEND=noninteractive sh /trial/trial_install.sh
say "all right"
