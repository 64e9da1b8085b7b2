"""Loudness as people hear it (ITU-R BS.1770-4): K-weighted, gated, in LUFS."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS, RATE, Stereo

STEP: Final = RATE // 10
"""Samples: blocks of 0.4 s begin every 0.1 s."""
_STEPS: Final = 4
_CHUNK: Final = 16  # steps at a time, which bounds the memory
_ABSOLUTE_GATE: Final = -70.0
_RELATIVE_GATE: Final = -10.0
_OFFSET: Final = -0.691


def loudness(samples: Stereo) -> float:
    """The integrated loudness of float32 [n, 2], n of 0.4 s at least, in LUFS; silence is -inf.

    The weighting is applied to the spectrum of each 0.1 s, not by filters in time: within 0.1 LU of a meter for music.
    """
    return integrated(energies(samples))


def energies(samples: Stereo) -> npt.NDArray[np.float64]:
    """The K-weighted power of each whole `STEP` of float32 [n, 2], [n // STEP]; of a long stream, piece after piece."""
    steps = len(samples) // STEP
    pieces = samples[: steps * STEP].reshape(steps, STEP, CHANNELS)
    found = [_energy(pieces[k : k + _CHUNK]) for k in range(0, steps, _CHUNK)]
    return np.concatenate(found) if found else np.zeros(0)


def integrated(energy: npt.NDArray[np.float64]) -> float:
    """The integrated loudness of a stream of these `energies`, 0.4 s at least, in LUFS; silence is -inf."""
    blocks = np.convolve(energy, np.full(_STEPS, 1 / _STEPS), mode="valid")
    blocks = blocks[_lufs(blocks) > _ABSOLUTE_GATE]
    if not len(blocks):
        return -np.inf
    gate = _lufs(blocks.mean()) + _RELATIVE_GATE
    return float(_lufs(blocks[_lufs(blocks) > gate].mean()))


def _energy(pieces: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The mean K-weighted power of both channels of float32 [k, STEP, 2], [k]."""
    spectra = np.fft.rfft(pieces.transpose(0, 2, 1))
    power: npt.NDArray[np.float64] = ((np.square(spectra.real) + np.square(spectra.imag)) @ _WEIGHTS).sum(axis=1)
    return power


def _lufs(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    level: npt.NDArray[np.float64] = _OFFSET + 10.0 * np.log10(np.maximum(power, 1e-20))
    return level


def _biquad_power(b: tuple[float, ...], a: tuple[float, ...], z: npt.NDArray[np.complex128]) -> npt.NDArray[np.float64]:
    above, below = ((c[0] * z + c[1]) * z + c[2] for c in (b, a))
    power: npt.NDArray[np.float64] = np.square(np.abs(above / below))
    return power


def _weights() -> npt.NDArray[np.float64]:
    """What each bin of a piece's power spectrum adds to its mean K-weighted power, [STEP // 2 + 1]."""
    z = np.exp(2j * np.pi * np.arange(STEP // 2 + 1) / STEP)
    # The recommendation's tables 1 and 2, for 48 kHz.
    shelf = _biquad_power(
        (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585), z
    )
    high_pass = _biquad_power((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621), z)
    both_sides = np.full(len(z), 2.0)
    both_sides[[0, -1]] = 1.0
    weights: npt.NDArray[np.float64] = shelf * high_pass * both_sides / STEP**2
    return weights


_WEIGHTS: Final = _weights()
