"""The library, live: which song comes next, when, and what is to be noted of the one that was heard.

A song stays as long as morphing it can reach what is wished for. Where it no longer can, and that lasts, another one
comes in before its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.emotion import Emotion, Mood, Reading, mean_distribution
from soundit_edge.music.director.mapping import MUSICAL, Preset
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.play_history import Event, PlayEvent
from soundit_edge.music.library.recommend.preference_model import Taste
from soundit_edge.music.library.recommend.ranking import Pick, pick
from soundit_edge.music.library.recommend.reach import reach_of
from soundit_edge.music.library.recommend.request import ASKED, MoodRequest, request_for, requests_of
from soundit_edge.music.library.song import Song

LEAVE: Final = 0.35
"""A song is left when what is wished for is this far beyond its reach, times how sure that is..."""
RETURN: Final = 0.25
"""...and stays after all when that falls below this..."""
DWELL_BARS: Final = 4.0
"""...before it has lasted this long..."""
MIN_HEARD_S: Final = 30.0
"""...and the song has been heard for this long..."""
GAIN: Final = 0.15
"""...and there is one that is nearer by this."""
AHEAD_S: Final = 60.0
"""The next song is named this long before the end of the present one; see `playlist.AHEAD_S`."""
LATEST_S: Final = 20.0
"""A song is not left any more when less than this is left of it."""
SMOOTHING_S: Final = 6.0
"""Time constant of what a sense asks for: a song is not picked by one glance."""
ENDING_S: Final = 15.0
"""Who hears a song to here before its end has let it finish."""
_LONGEST_STEP_S: Final = 1.0  # a clock that jumps, or a computer that slept, is no music heard
_REWOUND: Final = 0.1  # of a song: more left than before by this is not the tempo's doing
_FAINT: Final = 0.05  # trust of a sense that asks for nothing any more
_WHOLE: Final = 0.9  # of a song whose end nobody tells: heard for so long, it was let finish
_LITTLE: Final = 1e-3  # weight of who has just had their turn
_USUAL_BPM: Final = 120.0
_KEPT: Final = 100  # songs that were played last


@dataclass(frozen=True, slots=True)
class NextSong:
    """A song that should be heard next.

    Attributes:
        path: its file.
        pick: the song, for whom it is, and why.
        at_once: whether it should come in at the next bar line; else when the present one ends.
    """

    path: Path
    pick: Pick
    at_once: bool


class Chooser:
    """Chooses from a library for a room. Pure: the same moods and moments, and the same seed, give the same songs."""

    def __init__(
        self,
        songs: Iterable[Song],
        *,
        policy: Policy = Policy.FOLLOW,
        preset: Preset = MUSICAL,
        taste: Taste | None = None,
        recent: Sequence[int] = (),
        seed: int = 1,
    ) -> None:
        """Nothing is heard yet.

        Args:
            songs: to choose from; those without a file are left out.
            policy: whether the room is mirrored or led.
            preset: how far songs can be bent.
            taste: of the listener; it goes on learning. None: nothing is known, and nothing learnt.
            recent: numbers of the songs that were played last, the latest first.
            seed: of what is drawn.
        """
        self.policy = policy
        """As in the arguments, or as `follow` had it last."""
        self.keeps_history = True
        """Whether what happens to the songs is noted, and learnt from."""
        self._songs = {Path(song.path): song for song in songs if song.path}
        self._reach = reach_of(preset)
        self._taste = taste
        self._recent = list(recent)
        self._rng = np.random.default_rng(seed)
        self._now_s: float | None = None
        self._readings: dict[str, Reading] = {}  # what each sense asked for lately
        self._credit: dict[str, float] = {}  # how much of a song each of them is owed
        self._requests: list[MoodRequest] = []
        self._path: Path | None = None
        self._heard_s = 0.0
        self._left_s = math.inf
        self._for_whom = "mood"
        self._outside_s: float | None = None  # for how long the wish has been beyond reach
        self._named: NextSong | None = None
        self._chosen: Path | None = None  # by the user: it is not left because the mood moves
        self._entries: list[PlayEvent] = []

    def step(self, now_s: float, mood: Mood, playing: Path | None, left_s: float | None = None) -> NextSong | None:
        """Look at the room and at what plays; to be called several times a second.

        Args:
            now_s: seconds since 1970, as entries are to bear them.
            mood: of the room.
            playing: the file of the song that is heard; None: none, or one that is not of the library.
            left_s: to its end at the present tempo; None where that is not known.

        Returns:
            A song to go on to, once: what is named holds until it plays, another is named, or it is dropped. Mostly
            None. Choosing takes some 20 ms of a desktop's core for 2,000 songs; anything else next to nothing.
        """
        dt = 0.0 if self._now_s is None else min(_LONGEST_STEP_S, max(0.0, now_s - self._now_s))
        self._now_s = now_s
        self._requests = self._listen(mood, dt)
        left = math.inf if left_s is None else left_s
        if playing != self._path:
            self._turn_to(playing, now_s)
        elif (song := self._song) and left > self._left_s + max(1.0, _REWOUND * song.duration_s):
            self._again(now_s, song)
        else:
            self._heard_s += dt
        self._left_s = left
        present = self._song
        if present is None:
            return None if self._named else self._name(at_once=True)
        if self._named and self._named.at_once:
            return None
        lost = self._path != self._chosen and self._lost(present, dt)
        if left > LATEST_S and lost and self._heard_s >= MIN_HEARD_S:
            self._outside_s = 0.0  # where nothing is nearer, look again after as long
            return self._name(at_once=True, instead_of=present)
        if left > AHEAD_S:
            return None
        if self._named is None:
            return self._name(at_once=False)
        return None

    def another(self, than: Path | None) -> NextSong | None:
        """Return the next song, for a user who wants to go on from what was last asked for; None where there is no
        other."""
        if self._named and self._named.path != than:
            return self._named
        return self._name(at_once=False, but=than)

    def choose(self, path: Path) -> NextSong | None:
        """Return a song as the next one because the user has chosen it; None where it cannot be played."""
        song = self._songs.get(path)
        if song is None:
            return None
        request = self._requests[0] if self._requests else request_for(Emotion.NEUTRAL)
        self._chosen = path
        self._named = NextSong(path, Pick(song, 1.0, ("you chose it",), request), at_once=False)
        return self._named

    def record(self, event: Event, now_s: float) -> None:
        """Take note of what the user did with the song that is heard: that they liked, disliked or downloaded it."""
        if song := self._song:
            self._note(event, now_s, song)

    def follow(self, policy: Policy, preset: Preset) -> None:
        """Mirror the room from now on, or lead it, with songs that can be bent as far as the preset goes."""
        self.policy = policy
        self._reach = reach_of(preset)

    def reject(self, path: Path) -> None:
        """Leave a song out from now on: its file cannot be played."""
        self._songs.pop(path, None)
        if self._named and self._named.path == path:
            self._named = None

    def reload(self, songs: Mapping[Path, Song]) -> None:
        """Choose from these songs from now on, by file: some may be new, gone or corrected."""
        self._songs = dict(songs)
        if self._named and self._named.path not in self._songs:
            self._named = None

    def learn(self, entry: PlayEvent, song: Song) -> None:
        """Learn from what was said of a song that may not be the one that is heard; it is recorded already."""
        if self._taste:
            self._taste.learn(entry, song)

    def forget(self) -> None:
        """Forget what was heard and liked, as the user wants it."""
        self._recent, self._entries = [], []
        if self._taste:
            self._taste = Taste()

    def entries(self) -> list[PlayEvent]:
        """Return what is to be recorded since this was last asked, in its order."""
        entries, self._entries = self._entries, []
        return entries

    @property
    def _song(self) -> Song | None:
        return None if self._path is None else self._songs.get(self._path)

    def _listen(self, mood: Mood, dt: float) -> list[MoodRequest]:
        """Return what everybody asks for, without the flicker of single readings."""
        share = 1.0 - math.exp(-dt / SMOOTHING_S)
        for sense in ASKED:
            before, now = self._readings.get(sense), mood.senses.get(sense)
            if before is None:
                if now is not None:
                    self._readings[sense] = now
                continue
            trust = before.trust * (1.0 - share) + (now.trust * share if now else 0.0)
            weighted = [(before.probabilities, before.trust * (1.0 - share))]
            if now:
                weighted.append((now.probabilities, now.trust * share))
            probabilities = mean_distribution(weighted)
            if probabilities is None or (now is None and trust < _FAINT):
                del self._readings[sense]
            else:
                self._readings[sense] = Reading(sense, mood.t, probabilities, trust)
        room = request_for(mood.emotion, mood.affect, mood.confidence, policy=self.policy)
        return [room, *requests_of(replace(mood, senses=self._readings), self.policy)]

    def _outside(self, song: Song) -> float:
        """Return how far the wishes are beyond a song's reach, the least of them: a song cannot suit everybody."""
        return min(
            request.confidence
            * self._reach.beyond(request.affect.valence - song.valence, request.affect.arousal - song.arousal)
            for request in self._requests
        )

    def _lost(self, song: Song, dt: float) -> bool:
        """Return whether the wishes have been beyond a song's reach for long enough."""
        outside = self._outside(song)
        if outside < RETURN:
            self._outside_s = None
        elif self._outside_s is not None:
            self._outside_s += dt
        elif outside > LEAVE:
            self._outside_s = 0.0
        bar_s = 240.0 / (song.bpm or _USUAL_BPM)
        return self._outside_s is not None and self._outside_s >= DWELL_BARS * bar_s

    def _name(self, at_once: bool, instead_of: Song | None = None, but: Path | None = None) -> NextSong | None:
        """Choose the next song; None where there is no other one, or none that is nearer."""
        others = [song for path, song in self._songs.items() if path not in (self._path, but)]
        requests = self._in_turn()
        picks = pick(
            others, requests, count=1, recent=self._recent, taste=self._taste, rng=self._rng, reach=self._reach
        )
        if not picks:
            return None
        song = picks[0].song
        if instead_of and self._outside(song) > self._outside(instead_of) - GAIN:
            return None
        for request in requests:
            self._credit[request.who] = request.weight - (request is picks[0].request)
        self._named = NextSong(Path(song.path), picks[0], at_once)
        return self._named

    def _in_turn(self) -> list[MoodRequest]:
        """Return what the senses ask for (or the room), those who have waited longest with the most weight."""
        asking = self._requests[1:]
        whole = sum(request.weight for request in asking)
        return [
            replace(request, weight=max(_LITTLE, self._credit.get(request.who, 0.0) + request.weight / whole))
            for request in asking
        ]

    def _turn_to(self, playing: Path | None, now_s: float) -> None:
        """Note that another song is heard."""
        before, named = self._song, self._named
        ours = named is not None and named.path == playing
        if before:
            if self._ended(before):
                self._note(Event.FINISHED, now_s, before)
            elif playing is None or (ours and named is not None and named.at_once):
                self._note(Event.LEFT, now_s, before)
            else:
                self._note(Event.SKIPPED, now_s, before)
        self._path, self._named, self._outside_s, self._heard_s = playing, None, None, 0.0
        self._for_whom = named.pick.request.who if named and ours else "mood"
        if song := self._song:
            self._begin(Event.PLAYED, now_s, song)

    def _again(self, now_s: float, song: Song) -> None:
        """Note that the same song is heard from an earlier place on: it went round, or the user goes back."""
        ended = self._ended(song)
        if ended:
            self._note(Event.FINISHED, now_s, song)
        self._heard_s = 0.0
        self._begin(Event.PLAYED if ended else Event.REPLAYED, now_s, song)

    def _begin(self, event: Event, now_s: float, song: Song) -> None:
        self._note(event, now_s, song)
        self._recent = [song.id, *(number for number in self._recent if number != song.id)][:_KEPT]

    def _ended(self, song: Song) -> bool:
        near = self._left_s <= ENDING_S and self._heard_s >= min(MIN_HEARD_S, song.duration_s / 2.0)
        return near or self._heard_s >= _WHOLE * song.duration_s > 0.0

    def _note(self, event: Event, now_s: float, song: Song) -> None:
        if not self.keeps_history:
            return
        # The mood of whom the song is for, as it is now.
        request = next((request for request in self._requests if request.who == self._for_whom), self._requests[0])
        entry = PlayEvent(
            now_s,
            song.id,
            song.path,
            event,
            self._heard_s,
            request.felt,
            request.felt_affect,
            request.who,
            request.policy,
        )
        self._entries.append(entry)
        if self._taste:
            self._taste.learn(entry, song)
