# Sourced by the tests that run what is committed in a Debian root of their own: $root, which they set, and `say`.
# What is mounted lies in a mount namespace of the script's own, and is gone when it ends, however it ends.

checkout=/srv/main

enter_namespace() { # enter_namespace SCRIPT ARGUMENTS…: goes on as the same script, in a mount namespace
    [ "$(id -u)" = 0 ] || { say "needs root: sudo sh $1"; exit 2; }
    [ -n "${OWN_MOUNTS-}" ] || exec env OWN_MOUNTS=1 unshare --mount sh "$@"
}

make_root() { # make_root SUITE PACKAGES [OPTIONS of mmdebstrap]: does nothing where it is there
    [ ! -e "$root" ] || return 0
    say "making a root (a minute; where another machine is emulated, ten)"
    suite=$1 packages=$2
    shift 2
    mkdir -p "$(dirname "$root")"
    rm -rf --one-file-system "$root.part"
    mmdebstrap --quiet --variant=minbase --include="$packages" "$@" "$suite" "$root.part"
    mv "$root.part" "$root"
}

# Each trial begins with the same clean root: what it changes lies in a folder of its own, over it.
mount_copy() { # mount_copy BASE FOLDER: sets $root
    mkdir -p "$2/changes" "$2/work" "$2/root"
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/changes,workdir=$2/work" "$2/root"
    root=$2/root
}

mount_system() {
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
}

copy_network_settings() { # the root reaches the network as this machine does: by its names, certificates, pip's and apt's settings
    for file in /etc/resolv.conf /etc/hosts /etc/pip.conf; do
        [ ! -e "$file" ] || cp -L "$file" "$root$file"
    done
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
}

mount_data() { # the recordings for tests, where they are here
    [ -d ../shared/data ] || return 0
    mkdir -p "$root/srv/shared/data"
    mount --bind -o ro ../shared/data "$root/srv/shared/data"
}

copy_checkout() { # all that git tracks, as it is now; .venv of the last time stays
    mkdir -p "$root$checkout"
    find "$root$checkout" -mindepth 1 -maxdepth 1 ! -name .venv -exec rm -rf {} +
    git ls-files -z | tar --null -cf - -T - | tar -xf - -C "$root$checkout"
    # Tests that look at what is committed want a checkout.
    git -C "$root$checkout" init -q
    git -C "$root$checkout" add -A
}

in_root() { # in_root [NAME=VALUE…] COMMAND…: in the checkout
    chroot "$root" /usr/bin/env -i -C "$checkout" HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
}
