"""Publish model sets for devices: a static folder that any web server, CDN or USB stick can carry (docs/updates.md).

init                 make the keys and an empty repository
add SET_FOLDER       check a set, sign it and give it the next release
percent ID N         let N of a hundred devices take it
revoke ID            take it back: devices that have it go back to the one before
rotate ROLE          replace a key: root, targets, rollout, snapshot or timestamp
refresh [ROLE ...]   sign again before signatures end; for cron, with only the keys of rollout, snapshot and timestamp
list                 the sets, and when each role's signatures end
verify               fetch everything as a fresh device would
ship ID TREE         put a set and the root of trust into the source tree that packages are built of
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from soundit_edge.text import reason, refusal
from tools.command import command, tool_parser
from tools.publish.client import verify
from tools.publish.errors import PublishError
from tools.publish.keys import KeyRing, file_name
from tools.publish.passphrase import VARIABLE, passphrases
from tools.publish.publisher import Publisher
from tools.publish.report import NOT_SEEN, ending, listing
from tools.publish.repository import METADATA, NEWEST_ROOT, Repository, alone
from tools.publish.roles import KEYS, ROOT, TIMESTAMP, days_of
from tools.publish.rotation import rotate
from tools.publish.sets import checked
from tools.publish.ship import ship
from tools.publish.signing import Signing
from tools.publish.start import start


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    options = _parser().parse_args(arguments)
    now = datetime.now(UTC)
    try:
        if options.verb == "verify":
            _verify(options)
        elif options.verb == "init":
            _init(options, now)
        elif options.verb == "list":
            for line in listing(Repository(options.repository)):
                print(line)
        elif options.verb == "ship":
            ship(Repository(options.repository), options.id, options.tree)
            print(f"{options.tree}: its packages trust this repository, and begin with {options.id}")
        else:
            with alone(options.repository):
                _change(options, now)
    except OSError as error:
        raise PublishError(refusal(error)) from error


def _parser() -> argparse.ArgumentParser:
    parser = tool_parser("tools.publish", __doc__)
    parser.add_argument("--repository", type=Path, default=Path("repository"), help="the folder that is served")
    parser.add_argument(
        "--keys", type=Path, action="append", help="a folder of private keys, several times for several (./keys)"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, help=f"the passphrase of all keys at hand; else ${VARIABLE}, or it is asked for"
    )
    parser.add_argument(
        "--days", action="append", default=[], metavar="ROLE=N", help="how long signatures hold, such as timestamp=1"
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("init", help="make the keys and an empty repository")
    adding = verbs.add_parser("add", help="check a set, sign it and give it the next release")
    adding.add_argument("set_folder", type=Path, help="a folder with set.json, models and golden answers")
    adding.add_argument("--percent", type=int, default=100, help="how many of a hundred devices may take it (100)")
    adding.add_argument("--hardware", nargs="+", help="what it is for, such as aarch64 edgetpu; else as set.json says")
    adding.add_argument("--min-version", help="the first soundit_edge that can use it")
    adding.add_argument("--max-version", help="the first soundit_edge that cannot use it any more")
    adding.add_argument("--licence", help="such as Apache-2.0")
    adding.add_argument("--notes", type=Path, help="a text file with release notes, one paragraph")
    share = verbs.add_parser("percent", help="let a share of the devices take a set")
    share.add_argument("id", help="as `list` shows it")
    share.add_argument("percent", type=int, help="of a hundred devices")
    verbs.add_parser("revoke", help="take a set back").add_argument("id", help="as `list` shows it")
    rotating = verbs.add_parser("rotate", help="replace a key of a role")
    rotating.add_argument("role", choices=tuple(KEYS))
    rotating.add_argument("--key", default="", help="which key of root is replaced, by the first digits of its id")
    refreshing = verbs.add_parser("refresh", help="sign roles again before their signatures end")
    refreshing.add_argument("roles", nargs="*", metavar="ROLE", help=f"of {', '.join(KEYS)} (the last)")
    verbs.add_parser("list", help="the sets, and when each role's signatures end")
    shipping = verbs.add_parser("ship", help="put a set and the root of trust into a source tree")
    shipping.add_argument("id", help="as `list` shows it")
    shipping.add_argument("tree", type=Path, help="the source tree that packages are built of")
    verifying = verbs.add_parser("verify", help="fetch everything as a fresh device would")
    verifying.add_argument("--address", help="where it is served; else the folder itself is read")
    verifying.add_argument("--root", type=Path, help="the root that devices have; else the repository's first one")
    return parser


def _signing(options: argparse.Namespace, now: datetime) -> Signing:
    keys = KeyRing(options.keys or [Path("keys")], passphrases(options.passphrase_file))
    return Signing(keys, days_of(options.days), now)


def _init(options: argparse.Namespace, now: datetime) -> None:
    keys = (options.keys or [Path("keys")])[0]
    start(options.repository, keys, _signing(options, now))
    print(f"{options.repository}: an empty repository; {options.repository / NEWEST_ROOT} is what devices are to trust")
    print(
        f"{keys}: give each key of root to another holder, keep targets offline, and here only rollout, snapshot and "
        "timestamp"
    )


def _change(options: argparse.Namespace, now: datetime) -> None:
    repository, signing = Repository(options.repository), _signing(options, now)
    publisher = Publisher(repository, signing)
    match options.verb:
        case "add":
            found = checked(options.set_folder, _changes(options))
            set_id, is_seen = publisher.add(found, _percent(options.percent))
            print(f"{set_id}: for {options.percent} % of the devices")
        case "percent":
            is_seen = publisher.set_share(options.id, _percent(options.percent))
            print(f"{options.id}: for {options.percent} % of the devices")
        case "revoke":
            is_seen = publisher.revoke(options.id)
            print(f"{options.id}: revoked")
        case "rotate":
            for key_id in rotate(repository, signing, options.role, options.key):
                print(f"{options.role}: a new key signs; destroy {file_name(options.role, key_id)} wherever it lies")
            is_seen = True
        case _:
            is_seen = publisher.refresh(_roles(options.roles))
            for line in ending(Repository(options.repository), now):
                print(line, file=sys.stderr)  # cron sends it by mail
    if not is_seen:
        print(NOT_SEEN)


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of set.json that the command line gives."""
    changes: dict[str, Any] = {
        "hardware": options.hardware and tuple(options.hardware),
        "min_version": options.min_version,
        "max_version": options.max_version,
        "licence": options.licence,
    }
    if options.notes is not None:
        try:
            changes["notes"] = " ".join(options.notes.read_text(encoding="utf-8").split())
        except (OSError, UnicodeDecodeError) as error:
            why = reason(error) if isinstance(error, OSError) else "it is no UTF-8 text"
            raise PublishError(f"{options.notes}: cannot read the release notes ({why})") from error
    return {name: value for name, value in changes.items() if value is not None}


def _verify(options: argparse.Namespace) -> None:
    root = options.root or options.repository / METADATA / f"1.{ROOT}.json"
    try:
        trusted = root.read_bytes()
    except OSError as error:
        raise PublishError(f"{root}: cannot read the root to trust ({reason(error)}); give one with --root") from error
    seen = verify(options.address or str(options.repository), trusted)
    print(f"{seen.sets} sets, {seen.files} files, {seen.bytes} bytes; valid until {seen.expires:%d %B %Y %H:%M} UTC")


def _percent(percent: int) -> int:
    if not 0 <= percent <= 100:
        raise PublishError(f"{percent} percent: give a number from 0 to 100")
    return percent


def _roles(given: Sequence[str]) -> Sequence[str]:
    for role in given:
        if role not in KEYS:
            raise PublishError(f"{role}: no role; there are {', '.join(KEYS)}")
    return given or (TIMESTAMP,)
