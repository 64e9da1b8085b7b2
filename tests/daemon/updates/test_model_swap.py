"""Another model set in use while the device runs."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from pathlib import Path

import pytest

from soundit_edge.daemon.updates.loaded_set import LoadedSet
from soundit_edge.daemon.updates.trial.examine import memory_of_process
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.inference.local import install
from soundit_edge.inference.models import default_folder
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.settings import InferenceSettings
from soundit_edge.update.failure import StoreError
from tests.daemon.updates.room import Home, at_home, fetched
from tests.update.made_sets import make_set, whole_set
from tests.waiting import until

ONE, TWO = make_set(1), make_set(2)


async def reads(home: Home, emotion: Emotion) -> None:
    """Wait until the room reads an emotion."""

    def read() -> bool:
        home.show()
        latest = home.room.latest("face")
        return latest is not None and latest.emotion is emotion

    await until(read, f"nobody reads {emotion}")


async def test_another_set_reads_from_one_frame_to_the_next(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        await reads(home, Emotion.CALM)
        folder = fetched(home.store, ONE)
        home.loads.emotions[folder] = Emotion.SAD
        await home.swap.use(folder, ONE.set_id)
        await reads(home, Emotion.SAD)
        assert (home.swap.active.folder, home.swap.active.set_id) == (folder, ONE.set_id)
        assert home.swap.models.folder == folder
        assert home.names == ["face"]


async def test_a_set_that_cannot_be_loaded_changes_nothing(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        folder = fetched(home.store, ONE)
        home.loads.broken.add(folder)
        before = home.swap.active
        with pytest.raises(SounditError, match="damaged"):
            await home.swap.use(folder, ONE.set_id)
        assert home.swap.active == before
        await reads(home, Emotion.CALM)


async def test_the_way_back_is_taken_live(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        for made, emotion in ((ONE, Emotion.SAD), (TWO, Emotion.ANGRY)):
            home.begin(made, emotion)
            home.store.commit(made.set_id)
            await home.swap.use(home.store.folder_of(made.set_id), made.set_id)
        await reads(home, Emotion.ANGRY)
        assert await home.swap.roll_back("it hears worse") == ONE.set_id
        await reads(home, Emotion.SAD)
        assert (home.store.current(), home.store.refused()) == (ONE.set_id, {TWO.set_id: "it hears worse"})
        assert await home.swap.roll_back("it, too") is None
        await reads(home, Emotion.CALM)
        assert home.swap.active.set_id is None
        with pytest.raises(StoreError, match="shipped"):
            await home.swap.roll_back("even worse")


async def test_a_sense_that_was_switched_on_meanwhile_is_loaded_from_the_new_set(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        loaded = await home.swap.load(fetched(home.store, ONE))
        home.room.add(home.loads(home.store.shipped, ["body"]).senses.visual[0])
        await home.swap.exchange(loaded, ONE.set_id)
        assert home.names == ["body", "face"]
        assert [one.name for one in home.loads.loaded[1].says] == ["face", "body"]


async def test_who_waits_for_another_set_hears_of_it(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        waiting = asyncio.create_task(home.swap.changed())
        await asyncio.sleep(0)
        assert not waiting.done()
        await home.swap.use(fetched(home.store, ONE), ONE.set_id)
        await waiting


def own_threads() -> list[str]:
    """The names of all threads but those that asyncio keeps for `to_thread`, which come as they are needed."""
    return sorted(one.name for one in threading.enumerate() if not one.name.startswith("asyncio_"))


async def test_five_sets_one_after_the_other_leave_nothing_behind(tmp_path: Path) -> None:
    """With real models: the memory is that of one set, and every set before is let go."""
    heads, shipped = OwnHeads(), tmp_path / "shipped"
    shipped.mkdir()
    whole_set(0).write_as(shipped)

    def load(folder: Path, names: object) -> LoadedSet:
        return LoadedSet(folder, InferenceSettings(accelerator="off"), heads, ["voice"])

    async with at_home(tmp_path, load=load, senses=["voice"]) as home:
        sets = [(fetched(home.store, made), made.set_id) for made in (whole_set(1), whole_set(2))]
        await home.swap.use(*sets[0])
        gc.collect()
        threads, memory, gone = own_threads(), memory_of_process(), []
        for folder, set_id in [sets[1], sets[0], sets[1], sets[0], sets[1]]:
            gone.append(weakref.ref(home.swap.loaded.senses.auditory[0].sense))
            await home.swap.use(folder, set_id)
        assert [one() for one in gone] == [None] * 5
        assert home.names == ["voice"]
        assert own_threads() == threads
        assert memory_of_process() - memory < 8 << 20


async def test_a_model_of_the_users_own_lies_over_each_set(tmp_path: Path) -> None:
    """Trained by a tool: it is none of the set's, and stays in use."""
    install(default_folder() / "voice_emotion.tflite", "voice_own", [str(emotion) for emotion in Emotion])
    heads = OwnHeads()
    made = whole_set(1)
    for folder in (default_folder(), made.write(tmp_path)):
        loaded = LoadedSet(folder, InferenceSettings(accelerator="off"), heads, ["voice"])
        assert "voice_emotion" not in loaded.models.loaded
        assert loaded.senses.auditory[0].sense.name == "voice"
