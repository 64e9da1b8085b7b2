# Sourced by the trials in clean roots: what must be true, and what must not, each as one line.

as_service() { setpriv --reuid=soundit-edge --regid=soundit-edge --init-groups "$@"; }
must() { # must WORDS -- COMMAND…
    what=
    while [ "$1" != -- ]; do what="$what $1"; shift; done
    shift
    if "$@"; then printf 'trial: ok: %s\n' "${what# }"; else printf 'trial: NOT SO: %s\n' "${what# }" >&2; exit 1; fi
}
must_not() {
    what=
    while [ "$1" != -- ]; do what="$what $1"; shift; done
    shift
    if "$@"; then printf 'trial: WRONG: %s\n' "${what# }" >&2; exit 1; else printf 'trial: ok, not: %s\n' "${what# }"; fi
}
