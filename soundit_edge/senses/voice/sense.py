"""The voice sense: from a window of sound to a reading of how the speaker seems to feel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.emotion import Reading
from soundit_edge.inference.local import meaning
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.senses.calibration import as_emotions, pooled, soften
from soundit_edge.senses.voice.log_mel import BANDS, FRAMES, WINDOW, at_speed, fill, log_mel
from soundit_edge.senses.voice.vad import Speech, VoiceActivityDetector, active_part

MODEL: Final = "voice_emotion"
OWN: Final = "voice_own"
"""Name of the local model that a user trains on recordings."""

SPEEDS: Final = (0.9, 1.11)
"""Factors of speed at which the network hears the same speech again, within the range that it was trained on."""

# Full trust takes speech 20 dB above the room's noise, with as large a voiced share as a sentence has.
_FULL_LEVEL_DB: Final = 20.0
_FULL_VOICED: Final = 0.3
_CLIPPED: Final = 0.999
# The network is right for 63 of 100 clips of people it was not trained on; a clear smile shall outvote it.
_MAX_TRUST: Final = 0.6


def versions(speech: npt.NDArray[np.float32], speeds: Sequence[float] = SPEEDS) -> list[npt.NDArray[np.float32]]:
    """Return the speech, and the same at other speeds, as larger and smaller people would say it.

    The mean of the network's outputs for all versions is better than one output.

    Args:
        speech: float32 [n].
        speeds: factors of speed.

    Returns:
        float32 [n / speed] each, the speech itself first.
    """
    return [speech, *(at_speed(speech, speed) for speed in speeds if len(speech) > 2)]


class VoiceNet:
    """The shipped voice network. One caller at a time.

    Attributes:
        labels: the names of its outputs; those of `EMOTIONS`, in their order, for the shipped network.
    """

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network.

        Args:
            model_set: the models to load from.
            model: the name of one of them, which takes the same input.

        Raises:
            ModelSetError: the set does not have the model, or the model is damaged or made for another input.
            InferenceError: no runtime can load the model.
        """
        entry = model_set.entry(model)
        if entry.input_shape != [1, FRAMES, BANDS, 1]:
            raise ModelSetError(
                f"{model_set.folder}: {model!r} was made by another version; train it anew, or remove it with "
                f"`python -m tools.models.local remove {model}`"
            )
        self._model = model_set.load(model)
        self._temperature = entry.temperature
        self.labels = tuple(entry.labels)

    def classify(self, speech: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return calibrated probabilities of `labels`, float32 [n], for finite speech, float32 [m >= 1]."""
        pictures = [log_mel(fill(version)) for version in versions(speech)]
        answers = [self._model.run(picture[None, :, :, None])[0][0].copy() for picture in pictures]
        return soften(pooled(answers), self._temperature)


class VoiceSense:
    """Reads windows of sound in which somebody speaks.

    Attributes:
        name: "voice".
        period: seconds from one reading to the next.
        window: seconds of sound for a reading; of longer sound the end is read, shorter sound is read whole.
    """

    name = "voice"
    period = 0.5
    window = WINDOW / SOUND_RATE

    def __init__(self, model_set: ModelSet, model: str = MODEL, *, local: ModelSet | None = None) -> None:
        """Load the network.

        Args:
            model_set: the shipped models.
            model: the name of one of them.
            local: the user's own models; where one of them is named `OWN`, it replaces the shipped one.

        Raises:
            InferenceError: see `VoiceNet`.
        """
        own = local if local is not None and OWN in local.manifest.models else None
        self._net = VoiceNet(model_set, model) if own is None else VoiceNet(own, OWN)
        self._own = own is not None
        self._gate = VoiceActivityDetector()

    def read(self, perceived: Sound) -> Reading | None:
        """Return a reading of the moment at the window's end; None where nobody speaks."""
        samples = np.nan_to_num(perceived.samples[-WINDOW:], nan=0.0, posinf=1.0, neginf=-1.0).clip(-1, 1)
        speech = self._gate.judge(samples.astype(np.float32, copy=False))
        if speech is None:
            return None
        said = self._net.classify(active_part(samples))
        probabilities, share = as_emotions(self._net.labels, said)
        detail: dict[str, float | int | str | bool] = {
            "above_noise_db": round(speech.above_noise, 1),
            "voiced": round(speech.voiced, 2),
        }
        if self._own:
            detail["own"] = meaning(self._net.labels[int(said.argmax())])[0]
        return Reading(
            sense=self.name,
            t=perceived.end,
            probabilities=probabilities,
            trust=share * trust(speech, float((np.abs(samples) >= _CLIPPED).mean())),
            detail=detail,
        )


def trust(speech: Speech, clipped: float) -> float:
    """Return the trust in a reading, 0 to 0.6, by its speech and by the share (0 to 1) of clipped samples."""
    by_level = min(1.0, speech.above_noise / _FULL_LEVEL_DB)
    by_voice = min(1.0, speech.voiced / _FULL_VOICED)
    return _MAX_TRUST * by_level * by_voice * max(0.0, 1.0 - 10 * clipped)
