# Sourced by build.sh: a kernel and an initial RAM disk for the emulated machine. The kernel stays out of the root: there
# its scripts would run emulated for many minutes.

# Disk, file systems, and a sound card without hardware whose other end can be listened to.
modules="virtio_pci virtio_mmio virtio_blk ext4 overlay snd-aloop"

fetch_kernel() { # fetch_kernel FOLDER: Debian's kernel and busybox for arm64, by an apt of their own
    [ ! -e "$1/done" ] || return 0
    rm -rf "$1"
    mkdir -p "$1/apt/lists/partial" "$1/apt/archives/partial" "$1/tree"
    : >"$1/apt/status"
    apt="-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State=$1/apt -o Dir::State::status=$1/apt/status
        -o Dir::Cache=$1/apt -o APT::Sandbox::User=root -o Acquire::Languages=none -qq"
    # shellcheck disable=SC2086 # a list of options
    {
        apt-get $apt update
        image=$(apt-cache $apt depends linux-image-arm64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
        (cd "$1" && apt-get $apt download "$image" busybox-static)
    }
    for package in "$1"/*.deb; do dpkg-deb -x "$package" "$1/tree"; done
    rm -r "$1/apt" "$1"/*.deb
    release=$(basename "$1"/tree/lib/modules/*)
    depmod --basedir "$1/tree" "$release"
    printf '%s\n' "$release" >"$1/done"
}

make_initrd() { # make_initrd KERNEL OUT: writes OUT/kernel and OUT/initrd
    release=$(cat "$1/done")
    cp "$1/tree/boot/vmlinuz-$release" "$2/kernel"
    ramdisk=$(mktemp -d)
    mkdir -p "$ramdisk/bin" "$ramdisk/modules"
    cp "$1/tree/bin/busybox" "$ramdisk/bin/busybox"
    cp firmware/image/init "$ramdisk/init"
    chmod 755 "$ramdisk/init"
    number=10
    for name in $modules; do
        modprobe --dirname="$1/tree" --set-version="$release" --show-depends "$name"
    done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' | while read -r module; do
        cp "$module" "$ramdisk/modules/$((number += 1))-$(basename "$module")" # loaded in the order of their names
    done
    (cd "$ramdisk" && find . | sort | cpio --quiet -o -H newc --owner=0:0 --reproducible | gzip -9n) >"$2/initrd"
    rm -r "$ramdisk"
}

write_ext4() { # write_ext4 FOLDER IMAGE LABEL FEATURES MEGABYTES
    rm -f "$2"
    mke2fs -q -t ext4 -L "$3" -O "$4" -m 0 -E root_owner=0:0 -d "$1" "$2" "${5}M"
}
