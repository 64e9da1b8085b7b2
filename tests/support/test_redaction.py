"""What the redaction takes out, whatever it looks like, and what stays: the program's own words and short numbers."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from soundit_edge.support.redaction import OUT, Redactor
from soundit_edge.support.vocabulary import vocabulary, words_of

REDACTOR = Redactor()
SENTENCES = (
    "camera 0 is gone; it is looked for every second: {}",
    "{}",
    "the broker {} refuses us",
    '"{}": no such file',
)
"""Around what must not be seen."""
HEX = st.text("0123456789abcdef", min_size=8, max_size=40)
TOKENS = st.text(string.ascii_letters + string.digits + "_-", min_size=12, max_size=60)
NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=3, max_size=20)
HOSTS = st.builds("{}.{}".format, NAMES, st.sampled_from(["local", "lan", "example", "org"]))
IPV4 = st.ip_addresses(v=4).map(str)
IPV6 = st.ip_addresses(v=6).map(str)
MACS = st.lists(st.integers(0, 255), min_size=6, max_size=6).flatmap(
    lambda numbers: st.sampled_from([":", "-"]).map(lambda sign: sign.join(f"{n:02x}" for n in numbers))
)
MAILS = st.builds("{}@{}".format, NAMES, HOSTS)
ADDRESSES = st.builds("https://{}:{}@{}/{}".format, NAMES, TOKENS, HOSTS, TOKENS)


def is_unknown(word: str) -> bool:
    """Return whether a word is none of the program's, and would tell something."""
    return not words_of(word) & vocabulary() and len(word) > 2


def redacted(secret: str) -> str:
    return "\n".join(REDACTOR.text(sentence.format(secret)) for sentence in SENTENCES)


@given(st.one_of(HEX, TOKENS))
def test_tokens_never_appear(secret: str) -> None:
    assume(re.search(r"\d", secret) or not words_of(secret) <= vocabulary())
    assume(not re.fullmatch(r"\d{1,6}|[-\d]+", secret))
    assert secret not in redacted(secret)


@given(st.one_of(IPV4, IPV6, MACS))
def test_addresses_never_appear(secret: str) -> None:
    assert secret not in redacted(secret)


@settings(max_examples=40)
@given(MAILS, ADDRESSES)
def test_mail_addresses_and_links_never_appear(mail: str, link: str) -> None:
    assume(all(is_unknown(part) for part in re.split(r"\W+", mail)[:1]))
    assert mail not in redacted(mail)
    assert link not in redacted(link)
    assert mail.split("@")[0] not in redacted(mail)


@settings(max_examples=40)
@given(st.lists(NAMES.filter(is_unknown), min_size=1, max_size=4), st.sampled_from([" ", "_", "-", ".", ""]))
def test_names_of_files_and_people_never_appear(words: list[str], between: str) -> None:
    name = between.join(words)
    for path in (f"/home/{words[0]}/{name}.flac", f"/media/usb/{name}/{name}.mp3", f"C:\\{name}.wav", f"{name}.mp4"):
        shown = redacted(path)
        assert not [word for word in words if word in shown and is_unknown(word)]


@given(st.text(max_size=300))
def test_no_word_of_a_text_survives_that_the_program_does_not_have(text: str) -> None:
    kept = words_of(REDACTOR.text(text))
    assert kept <= words_of(text) | vocabulary()
    whole = {word for word in re.findall(r"[^\W\d_]+", REDACTOR.text(text)) if len(word) > 1}
    assert {word.casefold() for word in whole} <= vocabulary()


@given(st.text(max_size=300))
def test_what_was_redacted_stays_as_it_is(text: str) -> None:
    once = REDACTOR.text(text)
    assert REDACTOR.text(once) == once


@settings(max_examples=20)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), TOKENS),
        lambda v: st.lists(v) | st.dictionaries(TOKENS, v),
        max_leaves=12,
    )
)
def test_keys_and_values_of_objects_are_redacted_and_numbers_stay(value: object) -> None:
    def texts(one: object) -> list[str]:
        match one:
            case str():
                return [one]
            case dict():
                return [text for k, v in one.items() for text in (k, *texts(v))]
            case list():
                return [text for v in one for text in texts(v)]
        return []

    shown = REDACTOR.value(value)
    assert all(REDACTOR.text(text) == text for text in texts(shown))


@pytest.mark.parametrize(
    "sentence",
    [
        "camera 0 is gone; it is looked for every second",
        "2026-11-29 00:54:23,123 INFO soundit_edge.daemon.output: the audio process died and was started again",
        "2026-11-29T00:54:23+0000 soundit[812]: the box is cool again: the senses may take all their time",
        "10.0 of 10.0 readings a second, 11.2 ms, up to 19.0 ms, waited up to 24 ms, 41 skipped, 4 late, on cpu",
        "face_expression (0 steps off), voice_emotion (1 steps off)",
        "ValueError: settings.toml: page.port",
        '  File "soundit_edge/daemon/output.py", line 12, in stop',
    ],
)
def test_what_the_program_says_itself_stays(sentence: str) -> None:
    assert REDACTOR.text(sentence) == sentence


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("cannot open /home/karla/Urlaub 2019/Ständchen.mp3: no such file", f"cannot open {OUT}: no such file"),
        ("the broker mosquitto.hq.example:1883 refuses us", f"the broker {OUT} refuses us"),
        (
            '  File "/home/karla/x/soundit_edge/text.py", line 3, in reason',
            '  File "soundit_edge/text.py", line 3, in reason',
        ),
        ('  File "/home/karla/secret.py", line 3, in karla', f'  File "{OUT}", line 3, in {OUT}'),
    ],
)
def test_what_a_line_looks_like_afterwards(line: str, shown: str) -> None:
    assert re.sub(rf"{OUT}[\s\d{OUT}]*{OUT}", OUT, REDACTOR.text(line)) == shown


def test_a_title_of_common_words_is_taken_out_where_it_is_known() -> None:
    redactor = Redactor(["Let it be", "x", ""])
    assert redactor.text("playing let it be through the speaker") == f"playing {OUT} through the speaker"


def test_common_names_of_people_are_no_words_of_the_program() -> None:
    names = "anna maria karla peter thomas michael sarah julia john david ahmed fatima yuki chen olga pierre"
    assert vocabulary().isdisjoint(names.split())
