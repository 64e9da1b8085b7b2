#!/bin/sh
# Builds the image that is tested without hardware: the appliance as it is installed, in a Debian root for 64-bit Arm,
# with a kernel and an initial RAM disk for `qemu-system-aarch64 -M virt`. Needs root, and the network for the first time.
#   DEB=soundit-edge_VERSION_arm64.deb sh firmware/image/build.sh     Debian 12; DEBIAN=13 for the next
# What comes out lies in .cache/image/debian-12 (IMAGE_CACHE names another folder for .cache/image): root.img, data.img,
# kernel, initrd, and image.sha256 with the hash of each. Debian's root and kernel are kept beside it for the next time.
set -eu

cd "$(dirname "$0")/../.."
release=${DEBIAN:-12}
cache=${IMAGE_CACHE:-.cache/image}
here=firmware/image
say() { printf 'image: %s\n' "$*" >&2; }
. scripts/debian_root.sh
. $here/program.sh
. $here/kernel.sh

case $release in
    12) suite=bookworm ;;
    13) suite=trixie ;;
    *) say "DEBIAN is 12 or 13, not $release"; exit 2 ;;
esac
[ -f "${DEB-}" ] || { say "DEB must name the Debian package for arm64 (make image builds it)"; exit 2; }
enter_namespace $here/build.sh "$@"
out=$cache/debian-$release
mkdir -p "$out"
cache=$(cd "$cache" && pwd) out=$(cd "$out" && pwd)

# The kernel starts programs for aarch64 by qemu, once it knows of it; a container may not have been given that.
binfmt=/proc/sys/fs/binfmt_misc
[ -e "$binfmt/register" ] || mount -t binfmt_misc binfmt_misc "$binfmt"
[ -e "$binfmt/qemu-aarch64" ] || cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$binfmt/register"

# The costly part, kept: its name changes with the list of packages.
packages=$(cat packages.txt firmware/packages.txt | sort -u | paste -sd, -)
root=$cache/root-$suite-$(printf '%s' "$packages" | sha256sum | cut -c1-12)
make_root "$suite" "$packages" --architectures=arm64 \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*'

say "installing $(basename "$DEB")"
stage=$cache/stage
rm -rf --one-file-system "$stage"
cp -a "$root" "$stage"
install_package "$stage" "$DEB"
cp -a --no-preserve=ownership $here/overlay/. "$stage"
install -D -m 644 firmware/smoke/watch.py "$stage/usr/lib/soundit-smoke/watch.py"
: >"$stage/etc/machine-id"
shared_paths >"$cache/shared_paths"
rm -rf "$cache/data"
write_data "$stage" "$cache/data" <"$cache/shared_paths"
write_fstab "$stage" <"$cache/shared_paths"
systemctl --root="$stage" --quiet enable soundit-smoke.service
# There is no module in the root, and each search for one takes two emulated seconds.
systemctl --root="$stage" --quiet mask getty.target apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer \
    modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service \
    modprobe@fuse.service modprobe@loop.service
# The users in the root are those that its packages ask for: otherwise systemd would make them anew at each start.
touch "$stage/etc/.updated"

say "fetching the kernel"
fetch_kernel "$cache/kernel"
make_initrd "$cache/kernel" "$out"

say "writing the disks"
write_ext4 "$stage" "$out/root.img" soundit-root ^has_journal "$(($(du -sm --apparent-size "$stage" | cut -f1) * 6 / 5 + 64))"
write_ext4 "$cache/data" "$out/data.img" soundit-data has_journal 256
rm -rf --one-file-system "$stage" "$cache/data"
(cd "$out" && sha256sum root.img data.img kernel initrd >image.sha256)
say "$out: root.img has $(($(stat -c %s "$out/root.img") / 1048576)) MB"
