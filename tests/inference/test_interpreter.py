"""The interpreter: one contract over both runtimes, real numbers in and out, one line for what cannot be loaded."""

from __future__ import annotations

import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from soundit_edge.inference import interpreter
from soundit_edge.inference.golden import golden_input
from soundit_edge.inference.interpreter import RUNTIMES, InferenceError, Model, TensorSpec, available_runtimes
from soundit_edge.inference.models import ModelSet, default_folder, mediapipe_model
from tests.waiting import HANG_S

OURS = sorted(ModelSet(default_folder()).manifest.models)
MEDIAPIPES = ["face_detection/face_detection_full_range_sparse", "face_landmark/face_landmark"]

specs = st.builds(
    TensorSpec,
    name=st.just("x"),
    shape=st.just((1, 8)),
    dtype=st.just(np.dtype(np.int8)),
    scale=st.floats(1e-4, 10),
    zero_point=st.integers(-128, 127),
)


def quantised(spec: TensorSpec, real: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    stored = np.empty(real.shape, spec.dtype)
    spec.quantise(real, stored, np.empty_like(real))
    return stored


def dequantised(spec: TensorSpec, stored: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
    real = np.empty(stored.shape, np.float32)
    spec.dequantise(stored, real)
    return real


@pytest.fixture(params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name not in available_runtimes():
        pytest.skip(f"{name} is not installed for this Python")
    return name


def path_of(name: str) -> Path:
    models = ModelSet(default_folder())
    return models.folder / models.entry(name).file


@pytest.mark.parametrize("name", OURS)
def test_our_models_take_and_give_real_numbers(runtime: str, name: str) -> None:
    model = Model(path_of(name), runtime=runtime)
    spec = model.inputs[0]
    assert spec.dtype == np.int8, "ours are quantised throughout"
    answer = model.run(np.zeros(spec.shape, np.float32))[0]
    assert answer.dtype == np.float32
    assert answer.shape == model.outputs[0].shape
    # Each of many outputs may be half a step off.
    rounding = answer.shape[-1] * model.outputs[0].scale / 2
    assert answer.sum(-1) == pytest.approx(np.ones(answer.shape[:-1]), abs=max(0.02, rounding))


@pytest.mark.parametrize("name", OURS)
def test_the_same_input_gives_the_same_answer(runtime: str, name: str) -> None:
    model = Model(path_of(name), runtime=runtime)
    x = golden_input(model.inputs[0].shape)
    first, _, again = (model.run_stored([value])[0] for value in (x, -1 - x, x))
    assert np.array_equal(first, again)


@pytest.mark.parametrize("name", ["face_expression", "face_landmark/face_landmark"])
def test_a_call_takes_no_memory(runtime: str, name: str) -> None:
    model = Model(mediapipe_model(name) if "/" in name else path_of(name), runtime=runtime)
    x = np.zeros(model.inputs[0].shape, np.float32)
    model.run(x)
    tracemalloc.start()
    try:
        model.run(x)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        model.run(x)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak - before < 4096, "lists and views, but no tensor"


def test_the_next_call_overwrites_the_answers_and_not_those_that_were_stored(runtime: str) -> None:
    model = Model(path_of(OURS[0]), runtime=runtime)
    zeros, ones = (np.full(model.inputs[0].shape, value, np.float32) for value in (0, 1))
    first = model.run(zeros)[0]
    kept = first.copy()
    model.run(ones)
    assert not np.array_equal(first, kept)
    stored = model.run_stored([golden_input(model.inputs[0].shape)])[0]
    before = stored.copy()
    model.run(ones)
    assert np.array_equal(stored, before)


@pytest.mark.parametrize("name", OURS)
def test_both_runtimes_agree_within_the_tolerance_of_the_set(name: str) -> None:
    if set(available_runtimes()) != set(RUNTIMES):
        pytest.skip("only one runtime is installed for this Python")
    models = [Model(path_of(name), runtime=runtime) for runtime in RUNTIMES]
    rng = np.random.default_rng(0)
    worst = []
    for _ in range(10):
        x = rng.normal(0, 1, models[0].inputs[0].shape).astype(np.float32)
        a, b = (model.run(x)[0] for model in models)
        worst.append(np.abs(a - b).max())
    step = models[0].outputs[0].scale
    assert max(worst) <= ModelSet(default_folder()).entry(name).golden.tolerance * step


@pytest.mark.parametrize("name", MEDIAPIPES)
def test_both_runtimes_agree_on_mediapipes_models(name: str) -> None:
    if set(available_runtimes()) != set(RUNTIMES):
        pytest.skip("only one runtime is installed for this Python")
    models = [Model(mediapipe_model(name), runtime=runtime) for runtime in RUNTIMES]
    x = np.random.default_rng(0).random(models[0].inputs[0].shape).astype(np.float32)
    for a, b in zip(*(model.run(x) for model in models), strict=True):
        assert np.abs(a - b).max() <= 1e-3 * max(1.0, float(np.abs(a).max()))


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "noise"])
def test_what_is_no_model_is_refused_in_one_line(runtime: str, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "broken.tflite"
    content = {"empty": b"", "text": b"no model\n" * 50, "noise": np.random.default_rng(0).bytes(4000)}
    if kind in content:
        path.write_bytes(content[kind])
    with pytest.raises(InferenceError, match=r"broken\.tflite: not a usable TFLite model") as failure:
        Model(path, runtime=runtime)
    assert "\n" not in str(failure.value)


def test_a_runtime_that_refuses_a_model_without_a_word_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise ValueError("")

    monkeypatch.setattr(interpreter, "runtime_module", lambda _: SimpleNamespace(Interpreter=refuse))
    with pytest.raises(InferenceError, match=r"face_expression\.tflite: not a usable TFLite model \(ValueError\)"):
        Model(path_of("face_expression"))


def test_a_runtime_that_is_loaded_leaves_the_smallest_numbers_as_they_are() -> None:
    program = (
        "import sys, numpy\n"
        "from pathlib import Path\n"
        "from soundit_edge.inference.interpreter import Model, available_runtimes\n"
        "for runtime in available_runtimes():\n"
        "    Model(Path(sys.argv[1]), runtime=runtime)\n"
        "print(numpy.full(4, 1e-38, numpy.float32) / numpy.float32(1000) > 0)\n"
    )
    command = [sys.executable, "-c", program, str(path_of("face_expression"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=HANG_S)
    assert done.stdout == "[ True  True  True  True]\n"


def test_an_unknown_runtime_is_named() -> None:
    with pytest.raises(InferenceError, match="abacus"):
        Model(path_of(OURS[0]), runtime="abacus")


def test_an_input_of_the_wrong_shape_is_refused(runtime: str) -> None:
    model = Model(path_of(OURS[0]), runtime=runtime)
    with pytest.raises(ValueError, match=r"(?i)dimension mismatch"):
        model.run(np.zeros((1, 3), np.float32))
    spec = model.inputs[0]
    with pytest.raises(ValueError, match=r"(?i)dimension mismatch"):
        model.run(np.zeros((1,) * len(spec.shape), np.float32))
    with pytest.raises(ValueError, match="float32 in the place of int8"):
        model.run_stored([np.zeros(spec.shape, np.float32)])


def test_too_few_inputs_are_refused(runtime: str) -> None:
    model = Model(path_of(OURS[0]), runtime=runtime)
    with pytest.raises(ValueError, match="shorter"):
        model.run()


def test_models_in_different_threads_do_not_disturb_each_other(runtime: str) -> None:
    models = [Model(path_of(OURS[0]), runtime=runtime) for _ in range(2)]
    inputs = [golden_input(models[0].inputs[0].shape), -1 - golden_input(models[0].inputs[0].shape)]
    alone = [model.run_stored([x])[0] for model, x in zip(models, inputs, strict=True)]
    right: list[bool] = []

    def work(i: int) -> None:
        right.extend(np.array_equal(models[i].run_stored([inputs[i]])[0], alone[i]) for _ in range(20))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 40


@given(specs, hnp.arrays(np.float32, (1, 8), elements=st.floats(-1e4, 1e4, width=32)))
def test_quantising_is_off_by_half_a_step_at_most_within_the_range(
    spec: TensorSpec, real: npt.NDArray[np.float32]
) -> None:
    lowest, highest = (spec.scale * (limit - spec.zero_point) for limit in (-128, 127))
    inside = np.clip(real, lowest, highest).astype(np.float32)
    back = dequantised(spec, quantised(spec, inside))
    assert np.abs(back - inside).max() <= 0.5 * spec.scale + 1e-4 * max(abs(lowest), abs(highest))


@given(specs, hnp.arrays(np.int8, (1, 8)))
def test_what_is_stored_survives_the_round_trip(spec: TensorSpec, stored: npt.NDArray[np.int8]) -> None:
    assert np.array_equal(quantised(spec, dequantised(spec, stored)), stored)


@given(specs, hnp.arrays(np.float32, (1, 8), elements=st.floats(-1e6, 1e6, width=32)))
def test_quantising_clips_and_keeps_the_order(spec: TensorSpec, real: npt.NDArray[np.float32]) -> None:
    real = np.sort(real)
    stored = quantised(spec, real)
    assert stored.dtype == np.int8
    assert (np.diff(stored.astype(int)) >= 0).all()


@given(hnp.arrays(np.float32, (1, 8), elements=st.floats(-1e6, 1e6, width=32)))
def test_float_models_get_their_numbers_untouched(real: npt.NDArray[np.float32]) -> None:
    spec = TensorSpec("x", (1, 8), np.dtype(np.float32), 0.0, 0)
    assert np.array_equal(dequantised(spec, quantised(spec, real)), real)
