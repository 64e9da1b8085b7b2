"""The voice: a window of sound to a reading of how the one who speaks seems to feel."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture import SOUND_RATE, Sound
from soundit_edge.emotion import Reading, distribution
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.calibration import soften
from soundit_edge.senses.logmel import WINDOW, fill, log_mel
from soundit_edge.senses.speech import Speech, SpeechGate, active_part

MODEL: Final = "voice_emotion"

# Full trust takes speech 20 dB out of the room's noise, and as much of it voiced as in a sentence.
_FULL_LEVEL_DB: Final = 20.0
_FULL_VOICED: Final = 0.3
_CLIPPED: Final = 0.999
# The network is right for 63 of 100 clips of people it does not know; a clear smile shall outvote it.
_MOST_TRUST: Final = 0.6


class VoiceNet:
    """The shipped voice network. One caller at a time."""

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network, or another of the set that answers to the same input.

        Raises:
            ModelSetError: the set has no such model, or it is damaged.
            InferenceError: no runtime can load it.
        """
        self._model = model_set.load(model)
        self._temperature = model_set.entry(model).temperature

    def classify(self, speech: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Calibrated probabilities in the order of `EMOTIONS`, float32 [8], for finite speech, float32 [n >= 1]."""
        picture = log_mel(fill(speech))
        return soften(self._model.run(picture[None, :, :, None])[0][0], self._temperature)


class VoiceSense:
    """Reads windows of sound in which somebody speaks.

    Attributes:
        name: "voice".
        period: seconds between two readings that are worth their cost.
        window: seconds of sound that a reading wants; longer ones count by their end, shorter ones as they are.
    """

    name = "voice"
    period = 0.5
    window = WINDOW / SOUND_RATE

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network; raises what `VoiceNet` raises."""
        self._net = VoiceNet(model_set, model)
        self._gate = SpeechGate()

    def read(self, perceived: Sound) -> Reading | None:
        """A reading of the moment at the window's end, or None where nobody speaks."""
        samples = np.nan_to_num(perceived.samples[-WINDOW:], nan=0.0, posinf=1.0, neginf=-1.0).clip(-1, 1)
        speech = self._gate.judge(samples.astype(np.float32, copy=False))
        if speech is None:
            return None
        return Reading(
            sense=self.name,
            t=perceived.end,
            probabilities=distribution(self._net.classify(active_part(samples)).tolist()),
            trust=trust(speech, float((np.abs(samples) >= _CLIPPED).mean())),
            detail={"above_noise_db": round(speech.above_noise, 1), "voiced": round(speech.voiced, 2)},
        )


def trust(speech: Speech, clipped: float) -> float:
    """How much a reading counts, 0 to 0.6: by level above the noise, voiced share, and the share of clipped samples."""
    by_level = min(1.0, speech.above_noise / _FULL_LEVEL_DB)
    by_voice = min(1.0, speech.voiced / _FULL_VOICED)
    return _MOST_TRUST * by_level * by_voice * max(0.0, 1.0 - 10 * clipped)
