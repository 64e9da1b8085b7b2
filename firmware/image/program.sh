# Sourced by build.sh: what of the image is soundit_edge, installed from its Debian package as a user installs it.

install_package() { # install_package ROOT DEB: only the package's own scripts run emulated
    dpkg --root="$1" --force-architecture --force-unsafe-io --unpack "$2" >&2
    compile_modules "$1"
    chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 dpkg --configure soundit-edge >&2
}

compile_modules() { # compile_modules ROOT: what the package's script does next and would need many emulated minutes for
    python=$(readlink "$1/usr/bin/python3")
    # Byte code is the same on every machine, but not in every version: another one is left to the script.
    [ "$python" = "$(.venv/bin/python -c 'import sys; print("python%d.%d" % sys.version_info[:2])')" ] || return 0
    .venv/bin/python -m compileall -qq -x '/tests?/' -s "$1" -p / "$1/usr/lib/soundit-edge/venv/lib" || true
}

shared_paths() { # the folders that outlive an update and a power cut: the product's own list
    sed -n 's/^Path=//p' firmware/rpi/layer/soundit-edge.d/customize.overlay/etc/rpi-image-gen/slot-shared.d/*.conf
}

write_fstab() { # write_fstab ROOT <PATHS: the data partition, and each path that lies on it
    mkdir -p "$1/persistent"
    printf 'LABEL=soundit-data /persistent ext4 noatime,errors=remount-ro 0 2\n' >"$1/etc/fstab"
    while read -r path; do
        mkdir -p "$1$path"
        printf '/persistent/shared%s %s none bind,x-systemd.requires-mounts-for=/persistent 0 0\n' "$path" "$path"
    done >>"$1/etc/fstab"
}

write_data() { # write_data ROOT FOLDER <PATHS: the data partition's content, with the owners that the package gave
    while read -r path; do
        mkdir -p "$2/shared$path"
        [ ! -d "$1$path" ] || cp -aT "$1$path" "$2/shared$path"
    done
}
