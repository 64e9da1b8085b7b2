#!/bin/sh
# Installs soundit_edge as a service on a Linux without Debian's packages: Fedora, Arch, openSUSE, Ubuntu, a Jetson.
# (On Debian and Raspberry Pi OS take the .deb.) Run it again to upgrade; --help says the rest.
#
# The program is built in a folder of its own, /opt/soundit-edge/versions/HASH; the link /opt/soundit-edge/current leads
# to it, and is turned in one step once all is there. Whatever stops the build, what was installed goes on as it was.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
. scripts/locked.sh

root=${DESTDIR-} # tests, and makers of images: install below this folder, and start nothing
lib=/opt/soundit-edge
units="soundit-first-boot.service soundit-edge.service soundit-update.timer"
all_units="soundit-first-boot.service soundit-edge.service soundit-update.timer soundit-update.service"
dry_run=
min_space_mb=1500

say() { printf 'install: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }
usage() {
    cat <<'TEXT'
Usage: sudo sh scripts/install.sh [--dry-run] [--python PYTHON]
       sudo sh scripts/install.sh --uninstall [--purge]

Installs soundit_edge into /opt/soundit-edge, with a service that starts at each boot; upgrades what is installed.

  --dry-run        only look whether it can be installed, and say what would be done
  --python PYTHON  the Python to use, 3.11 to 3.13 (the newest that is found, if not given)
  --uninstall      remove the program; settings, library and own models stay
  --purge          with --uninstall: remove these, too
  --help           show this
TEXT
}

is_system() { [ -z "$root" ]; }
has_systemd() { is_system && [ -d /run/systemd/system ]; }

fits() { # fits PYTHON: whether it is one of ours, and can make environments
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

find_python() {
    if [ -n "$python" ]; then
        fits "$python" || die "$python is no Python 3.11, 3.12 or 3.13 with its venv module"
        return 0
    fi
    for python in python3.13 python3.12 python3.11 python3; do
        if fits "$python"; then return 0; fi
    done
    die "needs Python 3.11, 3.12 or 3.13 with its venv module; try: $(package_command python)"
}

package_command() { # package_command python|portaudio: how this distribution installs it
    id=$(. /etc/os-release 2>/dev/null && echo "${ID-} ${ID_LIKE-}") || id=
    case " $id " in
        *" fedora "* | *" rhel "*) [ "$1" = python ] && echo "sudo dnf install python3.13" || echo "sudo dnf install portaudio" ;;
        *" arch "*) [ "$1" = python ] && echo "a Python 3.13 of pyenv or uv, by --python" || echo "sudo pacman -S portaudio" ;;
        *suse*) [ "$1" = python ] && echo "sudo zypper install python313" || echo "sudo zypper install libportaudio2" ;;
        *" debian "* | *" ubuntu "*)
            [ "$1" = python ] && echo "sudo apt-get install python3 python3-venv" || echo "sudo apt-get install libportaudio2" ;;
        *) [ "$1" = python ] && echo "your distribution's python3" || echo "your distribution's portaudio" ;;
    esac
}

check_computer() {
    case $(uname -sm) in
        "Linux x86_64" | "Linux aarch64") ;;
        *) die "there are wheels for Linux on x86-64 and 64-bit Arm only, and this is $(uname -sm)" ;;
    esac
    getconf GNU_LIBC_VERSION >/dev/null 2>&1 || die "there are no wheels for this C library; it takes a Linux with glibc"
    if is_system && command -v dpkg-query >/dev/null && dpkg-query -W soundit-edge >/dev/null 2>&1; then
        die "the package soundit-edge is installed; upgrade that, or first: sudo apt-get remove soundit-edge"
    fi
    find_python
    if is_system && ! { command -v systemctl && command -v systemd-sysusers; } >/dev/null; then
        die "needs systemd, which makes the service's user and starts the service"
    fi
    # A Python may look for libraries elsewhere than the system does: it is asked itself.
    "$python" -c 'import ctypes; ctypes.CDLL("libportaudio.so.2")' 2>/dev/null \
        || die "PortAudio is missing; try: $(package_command portaudio)"
    free=$(df -Pm "$(nearest "$root$lib")" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$min_space_mb" ] || die "needs $min_space_mb MB in $lib, and $free are free"
}

nearest() { # nearest PATH: it, or the nearest folder above it that is there
    path=$1
    while [ ! -d "$path" ]; do path=$(dirname "$path"); done
    echo "$path"
}

contents_hash() { # of all that goes into the installed program
    find soundit_edge models benches/reference systemd scripts/install.sh scripts/locked.sh requirements.lock runtime.txt \
        pyproject.toml -type f ! -name '*.pyc' -exec sha256sum {} + | LC_ALL=C sort | sha256sum | cut -c 1-16
}

build() { # build FOLDER: the environment with the program in it
    "$python" -m venv "$work/tools"
    locked hatchling packaging pathspec pluggy trove-classifiers >"$work/tools.lock"
    pip_install "$work/tools" --require-hashes -r "$work/tools.lock"
    "$work/tools/bin/pip" wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w "$work" "$here"
    "$python" -m venv "$1/venv"
    # shellcheck disable=SC2046 # a list of names
    locked $(cat runtime.txt) >"$work/runtime.lock"
    pip_install "$1/venv" --require-hashes -r "$work/runtime.lock"
    pip_install "$1/venv" "$work"/soundit_edge-*.whl
    unpack_mediapipe_models "$1/venv"
    "$1/venv/bin/soundit" --version >/dev/null
    relocated systemd/soundit-edge.environment >"$1/environment"
}

pip_install() { # pip_install VENV ARGUMENTS…
    venv=$1
    shift
    "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --only-binary :all: "$@"
}

relocated() { # relocated FILE: as it is to be below /opt
    sed "s#/usr/lib/soundit-edge/#$lib/current/#g" "$1"
}

put() { # put FILE PLACE [MODE]: written whole, or not at all
    mkdir -p "$(dirname "$root$2")"
    relocated "$1" >"$root$2.part"
    chmod "${3-644}" "$root$2.part"
    mv "$root$2.part" "$root$2"
}

install_system_files() {
    put systemd/soundit /usr/local/bin/soundit 755
    for unit in $all_units; do put "systemd/$unit" "/etc/systemd/system/$unit"; done
    put systemd/60-soundit-edge.rules /etc/udev/rules.d/60-soundit-edge.rules
    put systemd/soundit-edge.sysusers /etc/sysusers.d/soundit-edge.conf
    is_system || return 0
    systemd-sysusers soundit-edge.conf
    install -d -o soundit-edge -g soundit-edge -m 0750 \
        /var/lib/soundit-edge /var/lib/soundit-edge/music /var/cache/soundit-edge
}

start_service() {
    is_system || return 0
    # shellcheck disable=SC2086 # a list of units
    systemctl enable --quiet $units
    has_systemd || { say "systemd does not run here: it starts at the next boot with it"; return 0; }
    { udevadm control --reload && udevadm trigger; } || true
    systemctl daemon-reload
    systemctl restart soundit-edge.service soundit-update.timer
    say "it plays; the page's address: journalctl -u soundit-edge"
}

install_program() {
    check_computer
    id=$(contents_hash)
    new=$lib/versions/$id
    if [ -n "$dry_run" ]; then
        say "would install $("$python" --version)'s packages of the lock into $new, a command, units, a user and rules"
        return 0
    fi
    is_system && [ "$(id -u)" != 0 ] && die "needs root: sudo sh scripts/install.sh"
    mkdir -p "$root$lib/versions"
    exec 9>"$root$lib/lock"
    flock -n 9 || die "another run of this script is at work"
    if [ "$(readlink "$root$lib/current")" = "versions/$id" ]; then
        say "this version is installed already"
    else
        say "building it in $root$new (some minutes)"
        rm -rf "$root${new:?}" "$root$lib"/build.* # of a run that was cut off
        work=$(mktemp -d "$root$lib/build.XXXXXX")
        trap 'rm -rf "$work" "$root$new"; say "not installed; what was there before goes on as it was"' EXIT
        trap 'exit 130' INT TERM HUP
        mkdir "$root$new"
        export TMPDIR="$work" # pip keeps what it fetches there, and /tmp may be a small memory disk
        build "$root$new"
        if is_system; then sync; fi # a power cut must not find the link turned and the files empty
        ln -sfn "versions/$id" "$root$lib/next"
        mv -T "$root$lib/next" "$root$lib/current"
        trap 'rm -rf "$work"' EXIT
    fi
    install_system_files
    start_service
    find "$root$lib/versions" -mindepth 1 -maxdepth 1 ! -name "$id" -exec rm -rf {} +
}

uninstall() {
    is_system && [ "$(id -u)" != 0 ] && die "needs root: sudo sh scripts/install.sh --uninstall"
    if is_system; then
        if has_systemd; then now=--now; else now=; fi
        # shellcheck disable=SC2086 # lists of words
        systemctl disable $now --quiet $all_units 2>/dev/null || true
    fi
    for unit in $all_units; do rm -f "$root/etc/systemd/system/$unit"; done
    rm -f "$root/etc/udev/rules.d/60-soundit-edge.rules" "$root/etc/sysusers.d/soundit-edge.conf" "$root/usr/local/bin/soundit"
    rm -rf "$root$lib"
    has_systemd && systemctl daemon-reload
    [ -n "$purge" ] || { say "removed; settings, library and own models stay in /var/lib/soundit-edge"; return 0; }
    rm -rf "$root/var/lib/soundit-edge" "$root/var/cache/soundit-edge"
    if is_system && getent passwd soundit-edge >/dev/null; then userdel soundit-edge; fi
    say "removed, with all that it remembered"
}

python=
action=install_program
purge=
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --dry-run) dry_run=yes ;;
        --uninstall) action=uninstall ;;
        --purge) purge=yes ;;
        --python) [ $# -gt 1 ] || die "--python needs a Python"; python=$2; shift ;;
        *) usage >&2; die "what is $1?" ;;
    esac
    shift
done
[ -z "$purge" ] || [ "$action" = uninstall ] || die "--purge goes with --uninstall"
[ -z "$dry_run" ] || [ "$action" = install_program ] || die "--dry-run goes with an installation"
$action
