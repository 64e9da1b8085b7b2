"""Every kind of sentence that the device gives as a reason, made by what makes them, with figures for names."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from soundit_edge.emotion import EMOTIONS, Affect, Emotion
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.compose.palettes import PALETTES
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import NEUTRAL, RANGES
from soundit_edge.music.director.wording import choice_words, leading, reason_for, reason_for_choice
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.library.play_history import Event
from soundit_edge.music.library.recommend.explain import reasons_for
from soundit_edge.music.library.recommend.reach import MUSICAL_REACH
from soundit_edge.music.library.recommend.request import MoodRequest
from soundit_edge.music.library.song import Song
from soundit_edge.music.player.narrator import ComposerNarrator, HeardBar
from soundit_edge.music.score import Part

SONG = Song(1, "7", "7", "", "", 60.0, 92.0, "7", "7", -14.0, -1.0, 0.0, 0.0, "sound", liking=0.9)


def directed() -> Iterator[str]:
    """Give what the room, or somebody, made of the music."""
    for emotion, other in itertools.product(EMOTIONS, EMOTIONS):
        yield leading(emotion, other)
        yield reason_for(emotion, True, NEUTRAL, replace(NEUTRAL, tempo=1.2))
        yield reason_for(emotion, False, NEUTRAL, replace(NEUTRAL, semitones=1.0), other)
    for name, values in RANGES.items():
        for value in values:
            there = replace(NEUTRAL, **{name: value})
            yield reason_for(Emotion.HAPPY, True, NEUTRAL, there)
            yield reason_for_choice("you chose to lift the room", there, NEUTRAL)
    yield reason_for(Emotion.SAD, True, NEUTRAL, replace(NEUTRAL, semitones=-1.0))
    yield reason_for(Emotion.SURPRISED, False, NEUTRAL, replace(NEUTRAL, tempo=0.8, semitones=-3.0, cutoff_hz=900.0))


def chosen() -> Iterator[str]:
    """Give what somebody chose."""
    plain = MusicControls(Policy.FOLLOW, PRESETS["musical"], {})
    for who, policy, preset in itertools.product(("you", "the schedule", "an integration"), Policy, PRESETS.values()):
        other = MusicControls(policy, preset, {})
        locked = replace(other, locks=dict.fromkeys(RANGES, 1.0))
        steps = ((plain, other), (other, plain), (other, locked), (locked, plain), (plain, locked))
        yield from (choice_words(before, after, who) for before, after in steps)
    yield from (choice_words(plain, replace(plain, locks={name: 1.0})) for name in RANGES)


def composed() -> Iterator[str]:
    """Give what happens in composed music, and who plays it."""
    for character, room, leads_to in itertools.product(EMOTIONS, (Emotion.CALM, Emotion.SAD), (None, Emotion.CALM)):
        narrator = ComposerNarrator()
        narrator.step(0.0, HeardBar(0, "7", 100.0, Emotion.NEUTRAL, Instrument.PIANO, Instrument.HARP), room, leads_to)
        turned = HeardBar(2, "7", 120.0, character, Instrument.FLUTE, Instrument.HARP)
        for t, bar in ((1.0, turned), (20.0, turned), (40.0, replace(turned, tonic=5))):
            yield narrator.step(t, bar, room, leads_to)
    plucks = {palette.players[Part.PLUCK] for palettes in PALETTES.values() for palette in palettes.values()}
    yield from (f"{instrument} and {pluck} play" for instrument, pluck in itertools.product(Instrument, plucks))


def picked() -> Iterator[str]:
    """Give why songs of the library are picked."""
    places = (Affect(0.0, 0.0), Affect(0.3, -0.3), Affect(-1.0, 1.0))
    for who, emotion, felt, policy in itertools.product(("mood", *MODALITIES), EMOTIONS, EMOTIONS, Policy):
        for place, event in itertools.product(places, Event):
            request = MoodRequest(emotion, place, 1.0, felt, place, who, policy)
            lines = reasons_for(SONG, request, MUSICAL_REACH, {felt: {event: 1}}, by_chance=True)
            yield f"7: {', '.join(lines)}"
    request = MoodRequest(Emotion.SAD, places[0], 1.0, Emotion.SAD, places[0], policy=Policy.LIFT)
    sounds = [replace(SONG, valence=x, arousal=y) for x, y in itertools.product((-0.5, 0.0, 0.5), repeat=2)]
    said = replace(SONG, words={Emotion.SAD: 1.0}, lifts=frozenset(Emotion), bpm=None)
    for song, count, felt in itertools.product((*sounds, said), range(1, 8), (Emotion.SAD, Emotion.CALM)):
        before = {felt: dict.fromkeys(Event, count)}
        for preference, asked in ((before, request), ({}, request), (before, replace(request, felt=felt))):
            yield f"7: {', '.join(reasons_for(song, asked, MUSICAL_REACH, preference, by_chance=False))}"
    for one, other in itertools.combinations(Event, 2):
        twice = reasons_for(SONG, request, MUSICAL_REACH, {request.felt: {one: 1, other: 2}}, by_chance=False)
        yield f"7: {', '.join(twice)}"
    for felt in Emotion:
        lifted = reasons_for(said, replace(request, felt=felt), MUSICAL_REACH, None, by_chance=False)
        yield f"7: {', '.join(lifted)}"


def reasons() -> set[str]:
    """Return every kind of reason."""
    return {*directed(), *chosen(), *composed(), *picked()} - {""}
