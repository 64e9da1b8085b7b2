#!/bin/sh
# Reads a package's manual and completion as a user's man, bash, zsh and fish do; what a shell is missing for is not tried.
#   sh scripts/deb/manual.sh DEB
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb --fsys-tarfile "$1" | tar -x -C "$work" --wildcards './usr/share/man/*' './usr/share/*complet*'
cd "$work/usr/share"
is() { # is WORDS EXPECTED FOUND
    [ "$2" = "$3" ] || { printf 'manual: NOT SO: %s: %s, not %s\n' "$1" "$3" "$2" >&2; exit 1; }
    printf 'manual: ok: %s\n' "$1" >&2
}

MANWIDTH=100 MANPAGER=cat LC_ALL=C.UTF-8 man --warnings -l man/man1/soundit.1.gz >"$work/shown" 2>"$work/warnings"
is "man has nothing to warn of" "" "$(cat "$work/warnings")"
for section in NAME SYNOPSIS DESCRIPTION OPTIONS COMMANDS "EXIT STATUS" FILES; do
    is "the manual has the section $section" "$section" "$(grep -x "$section" "$work/shown")"
done
is "whatis knows the command" soundit "$(lexgrog man/man1/soundit.1.gz | sed 's/.*"\(soundit\) - .*/\1/')"

is "bash completes soundit li" library "$(bash --norc -c '. bash-completion/completions/soundit
    COMP_WORDS=(soundit li) COMP_CWORD=1; _soundit; echo "${COMPREPLY[*]}"')"
if command -v zsh >/dev/null; then
    is "zsh completes soundit run --sp" --speaker "$(zsh -f -c '_describe() { print -l -- ${${(P)2}%%:*} }; _files() { :; }
        words=(soundit run --sp) CURRENT=3; . ./zsh/vendor-completions/_soundit' | grep -x -- --speaker)"
fi
if command -v fish >/dev/null; then
    is "fish completes soundit li" library "$(HOME=$work fish -N -c 'source fish/vendor_completions.d/soundit.fish; complete -C "soundit li"' \
        | cut -f 1)"
fi
