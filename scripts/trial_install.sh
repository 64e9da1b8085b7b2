#!/bin/sh
# What scripts/test_install.sh runs in a clean root, in a checkout: each step is what a user does, then what must be
# true after it.
set -eu

PATH=/usr/local/sbin:/usr/local/bin:$PATH
state=/var/lib/soundit-edge
lib=/opt/soundit-edge
. scripts/deb/must.sh
sums() { find "$state" -type f ! -name demo.wav -exec sha256sum {} + | sort -k 2; }
has_file() { [ -e "$1" ]; }
leftovers() { find / -xdev -iname '*soundit*' ! -path '/srv/*' ! -path '/root/*' ! -path '/proc/*' ! -path '/trial/*' ! -path '/tmp/*' | grep .; }
says() { # says WORDS COMMAND…: runs it, and must find the words in what it prints
    words=$1
    shift
    "$@" >/tmp/said 2>&1 || true
    cat /tmp/said >&2
    grep -qF "$words" /tmp/said
}

must what is missing is named before the work -- says "sudo apt-get install python3 python3-venv" sh scripts/install.sh
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null 2>&1
must what starts the service is named, too -- says "systemd" sh scripts/install.sh
apt-get install -y -qq --no-install-recommends systemd >/dev/null 2>&1
must PortAudio is named, too -- says "sudo apt-get install libportaudio2" sh scripts/install.sh
apt-get install -y -qq --no-install-recommends libportaudio2 >/dev/null 2>&1
rm -rf /usr/bin/apt* /usr/bin/dpkg* /var/lib/dpkg /var/lib/apt /etc/apt
printf 'ID=fedora\nPRETTY_NAME="another distribution"\n' >/etc/os-release
must a dry run tells what it would do -- says "would install" sh scripts/install.sh --dry-run
must_not it leaves anything -- leftovers

begin=$(date +%s)
sh scripts/install.sh
echo "trial: installed in $(($(date +%s) - begin)) s; $(du -sm $lib | cut -f 1) MB"
must the command runs -- soundit --version
must the user is there -- getent passwd soundit-edge
must the service starts at boot -- test -L /etc/systemd/system/multi-user.target.wants/soundit-edge.service
must the updater comes by its timer -- test -L /etc/systemd/system/timers.target.wants/soundit-update.timer
must byte code is there -- test -n "$(find $lib/current/ -path '*/soundit_edge/__pycache__')"
must_not what was needed to build it stays -- has_file "$(find $lib /tmp -maxdepth 1 -name 'build*')"

as_service env -C "$state" soundit settings --write >/dev/null
sed -i "s|^#* *speaker = .*|speaker = \"file:$state/demo.wav\"|" "$state/settings.toml"
must the service starts, plays, serves its page and ends -- \
    unshare --net $lib/current/venv/bin/python /trial/start.py /etc/systemd/system/soundit-edge.service "$state"
before=$(sums)

first=$(readlink $lib/current)
must run again it changes nothing -- says "installed already" sh scripts/install.sh
echo '# another version' >>soundit_edge/__init__.py
must_not an upgrade without a network goes on -- unshare --net env PIP_NO_CACHE_DIR=1 PIP_RETRIES=0 sh scripts/install.sh
must what was installed goes on as it was -- test "$(readlink $lib/current)" = "$first"
must the command still runs -- soundit --version
sh scripts/install.sh
must the newer version is installed -- test "$(readlink $lib/current)" != "$first"
must one version is left -- test "$(find $lib/versions -mindepth 1 -maxdepth 1 | wc -l)" = 1
must an upgrade keeps all that was there -- test "$(sums)" = "$before"

sh scripts/install.sh --uninstall
must the program is gone -- test ! -e $lib -a ! -e /usr/local/bin/soundit
must what the device remembers stays -- test "$(sums)" = "$before"
sh scripts/install.sh --uninstall --purge
must the user is gone -- test -z "$(getent passwd soundit-edge)"
must_not anything is left -- leftovers
