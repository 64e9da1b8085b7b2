#!/bin/sh
# Proves the Debian package: builds it twice and compares, asks lintian, then installs it in a clean root of the release
# it is for, plays the drawn demo there, and upgrades, downgrades, removes and purges it (scripts/deb/trial.sh).
# Needs root, the network, mmdebstrap and lintian; keeps wheels and roots in .cache/deb (2 GB) for the next time.
#   sh scripts/test_deb.sh [RELEASE …]     12 and 13, if not given
set -eu

cd "$(dirname "$0")/.."
cache=$PWD/.cache/deb
python=${BIN:-.venv/bin}/python
say() { printf 'deb: %s\n' "$*" >&2; }
. scripts/debian_root.sh

suite_of() {
    case $1 in
        12) echo bookworm ;;
        13) echo trixie ;;
        *) say "Debian 12 and 13 have packages, $1 has none"; exit 2 ;;
    esac
}

newer_package() { # newer_package DEB OUT: the same package, as the next version
    dpkg-deb -R "$1" "$work/newer"
    old=$(dpkg-deb -f "$1" Version)
    sed -i "s/^Version: .*/Version: 99.$old/" "$work/newer/DEBIAN/control"
    sed -i "s/$old/99.$old/" "$work/newer/DEBIAN/preinst"
    dpkg-deb --root-owner-group -Znone -b "$work/newer" "$2" >/dev/null
    rm -r "$work/newer"
}

enter_namespace scripts/test_deb.sh "$@"
[ $# -gt 0 ] || set -- 12 13
mkdir -p "$cache"
work=$(mktemp -d "$cache/trial.XXXXXX")
commit=$(git rev-parse HEAD) # both builds are of one, whatever is committed meanwhile
trap 'umount -R "$work/root" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT

lap() { # lap WORDS…: says how long it was since the last lap
    now=$(date +%s)
    say "Debian $release: $* ($((now - since)) s)"
    since=$now
}

# CycloneDX publishes its schema in no Debian package; its own library for Python carries it.
schema=$cache/cyclonedx
if [ ! -d "$schema" ]; then
    "$python" -m pip download -q --disable-pip-version-check --no-deps --require-hashes -d "$work" -r scripts/deb/cyclonedx.lock
    "$python" -m zipfile -e "$work"/cyclonedx_python_lib-*.whl "$work/cyclonedx"
    mv "$work/cyclonedx/cyclonedx/schema/_res" "$schema"
fi

for release in "$@"; do
    suite=$(suite_of "$release")
    since=$(date +%s)
    "$python" -m tools.deb --debian "$release" --commit "$commit" --output dist
    lap "built"
    "$python" -m tools.deb --debian "$release" --commit "$commit" --output "$work/again"
    name=$(basename "$work"/again/*.deb)
    deb=dist/$name
    cmp "$deb" "$work/again/$name"
    for part in control.tar.xz data.tar.xz; do
        say "Debian $release: $part has SHA-256 $(ar p "$deb" $part | sha256sum | cut -d ' ' -f 1)"
    done
    rm -r "$work/again"
    lap "built again, the same bytes"
    "$python" -m tools.deb.check "$deb" --schema "$schema"
    sh scripts/deb/manual.sh "$deb"
    lap "the bill of materials, the manual and the completion are right"
    lintian --fail-on error --info "$deb"
    lap "lintian finds no error"

    root=$cache/root-$release
    make_root "$suite" ca-certificates
    mount_copy "$root" "$work"
    copy_network_settings
    mkdir "$root/trial"
    cp "$deb" scripts/deb/trial.sh scripts/deb/must.sh scripts/deb/start.py "$root/trial/"
    newer_package "$deb" "$root/trial/newer.deb"
    mount_system
    lap "a clean root is made"
    chroot "$root" /usr/bin/env -i -C /trial HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive sh trial.sh
    umount -R "$root"
    rm -rf --one-file-system "$work/changes" "$work/work"
    lap "all right: installed, played, upgraded, downgraded, removed, purged"
done
