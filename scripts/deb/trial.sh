#!/bin/sh
# What scripts/test_deb.sh runs inside a clean Debian, in a folder with the package and newer.deb, the same of a later
# version: each step is what a user does, then what must be true after it.
set -eu

state=/var/lib/soundit-edge
venv=/usr/lib/soundit-edge/venv
status() { dpkg-query -W -f='${db:Status-Abbrev}${Version}' soundit-edge; }
. ./must.sh
sums() { find "$state" -type f ! -name demo.wav -exec sha256sum {} + | sort -k 2; }
enabled() { [ -L "/etc/systemd/system/$2.wants/$1" ]; }
has_sound() { /usr/lib/soundit-edge/venv/bin/python -c '
import sys, soundfile
samples, rate = soundfile.read(sys.argv[1])
print("trial: %.1f s of music, peak %.2f" % (len(samples) / rate, abs(samples).max()))
sys.exit(not (len(samples) >= float(sys.argv[2]) * rate and abs(samples).max() > 0.01))' "$1" "${2-4}"; }
# Libraries that a wheel carries find each other once its package is loaded; vendors' plugins of LiteRT are never loaded.
libraries_missing() {
    find "$venv" -name '*.so*' ! -path '*/vendors/*' -exec ldd {} + 2>/dev/null | awk '/not found/ { print $1 }' | sort -u \
        | while read -r name; do [ -n "$(find "$venv" -name "$name")" ] || echo "$name"; done | grep .
}
# Who has run the command has a log in their own home folder, as without the package.
leftovers() { find / -xdev -iname '*soundit*' ! -path '/root/*' ! -path '/proc/*' ! -path '/trial/*' ! -path '/var/log/*' ! -path '/tmp/*' \
    | grep . ; }

echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/trial # nobody needs this root after a power cut: dpkg waits for no disk
apt-get update -qq
begin=$(date +%s)
apt-get install -y -qq ./soundit-edge_*.deb >/tmp/install.log 2>&1 || { tail -n 30 /tmp/install.log; exit 1; }
echo "trial: installed in $(($(date +%s) - begin)) s; $(du -sm /usr/lib/soundit-edge | cut -f 1) MB with byte code"
old=$(status)

must the package is installed -- test "${old%%[0-9]*}" = "ii "
must the command runs -- soundit --version
must the user is there -- getent passwd soundit-edge
must it is in the groups of its devices -- test "$(id -Gn soundit-edge | tr ' ' '\n' | grep -cxE 'audio|video|gpio|plugdev')" = 4
must the service starts at boot -- enabled soundit-edge.service multi-user.target
must the updater comes by its timer -- enabled soundit-update.timer timers.target
must_not a library is missing -- libraries_missing
must_not what only developers need is inside -- sh -c "ls -d $venv/lib/*/site-packages/* | grep -E '/(pytest|mypy|pip|hypothesis)[^/]*$'"
must byte code is there -- test -n "$(find $venv -path '*/soundit_edge/__pycache__')"
must its files are as they were packed -- test -z "$(dpkg --verify soundit-edge)"
must the manual is there -- gzip -t /usr/share/man/man1/soundit.1.gz
must bash completes the command -- bash -c '. /usr/share/bash-completion/completions/soundit
    COMP_WORDS=(soundit run --sp) COMP_CWORD=2; _soundit; test "${COMPREPLY[*]}" = --speaker'

begin=$(date +%s)
as_service env -C "$state" soundit run --for 5 --port 0 --speaker "file:$state/demo.wav"
echo "trial: the demo ran for $(($(date +%s) - begin)) s with its start"
must the demo was played -- has_sound "$state/demo.wav"

# As the unit starts it, with the settings of a user who has chosen a file for a speaker.
sed -i "s|^#* *speaker = .*|speaker = \"file:$state/demo.wav\"|" "$state/settings.toml"
must the settings name a speaker -- grep -q '^speaker = "file:' "$state/settings.toml"
must the service starts, plays, serves its page and ends -- \
    unshare --net $venv/bin/python start.py /usr/lib/systemd/system/soundit-edge.service "$state"
must what it played is whole -- has_sound "$state/demo.wav" 1

# What a year of use leaves behind: settings, a library, models and songs of the user's own.
as_service sh -c 'umask 077; cd "$1"; echo "# a hand edit" >>settings.toml; mkdir -p state models; (cd models && mkdir own && echo own >own/own.tflite)
    echo songs >library.db; echo song >music/song.flac; echo 7 >state/floor' sh "$state"
must the settings lie where the service reads them -- grep -q '\[' "$state/settings.toml"
before=$(sums)

systemctl disable soundit-update.timer >/dev/null 2>&1
apt-get install -y -qq ./newer.deb >/tmp/upgrade.log 2>&1 || { tail -n 30 /tmp/upgrade.log; exit 1; }
must the newer version is installed -- test "$(status)" = "ii 99.${old#ii }"
must an upgrade keeps all that was there -- test "$(sums)" = "$before"
must what was switched off stays off -- test ! -e /etc/systemd/system/timers.target.wants/soundit-update.timer
must the service still starts at boot -- enabled soundit-edge.service multi-user.target

mkdir -p /var/backups
mount -t tmpfs -o size=4k none /var/backups
must_not a downgrade goes on where its copy has no room -- \
    apt-get install -y -qq --allow-downgrades ./soundit-edge_*.deb >/tmp/refused.log 2>&1
umount /var/backups
grep 'stays installed' /tmp/refused.log
must the newer version is as it was -- test "$(status)" = "ii 99.${old#ii }"
must nothing was lost -- test "$(sums)" = "$before"
must the command still runs -- soundit --version

apt-get install -y -qq --allow-downgrades ./soundit-edge_*.deb >/tmp/downgrade.log 2>&1 || { tail /tmp/downgrade.log; exit 1; }
copy=/var/backups/soundit-edge/state-of-99.${old#ii }.tar.gz
must the older version is installed -- test "$(status)" = "$old"
must a downgrade keeps a copy for root alone -- test "$(stat -c %a "$copy")" = 600
must the copy has the settings -- sh -c "tar -tzf '$copy' | grep -q soundit-edge/settings.toml"
must_not the copy has the songs -- sh -c "tar -tzf '$copy' | grep -q song.flac"
must a downgrade keeps all that was there -- test "$(sums)" = "$before"

apt-get remove -y -qq soundit-edge >/dev/null 2>&1
must the program is gone -- test ! -e /usr/lib/soundit-edge -a ! -e /usr/bin/soundit
must what the device remembers stays -- test "$(sums)" = "$before"

apt-get install -y -qq ./soundit-edge_*.deb >/dev/null 2>&1
must it comes back to what it remembers -- test "$(sums)" = "$before"
apt-get purge -y -qq soundit-edge >/dev/null 2>&1
must the user is gone -- test -z "$(getent passwd soundit-edge)"
must_not anything is left -- leftovers
