"""What the page of this device answers beside its status and its changes: put together from what the device has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from soundit_edge.control.control import Control
from soundit_edge.control.devices import DeviceControl
from soundit_edge.control.updates import UpdateControl
from soundit_edge.daemon.music.pictures import SongPictures
from soundit_edge.daemon.report import PageReport
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.watch.mood_recorder import MoodRecorder
from soundit_edge.integrations.metrics.exposition import CONTENT_TYPE, Exposition
from soundit_edge.page.library.librarian import Librarian
from soundit_edge.page.route import Route
from soundit_edge.page.routes import art, library, metrics, models, mood_history, notice, settings, support
from soundit_edge.page.routes import devices as device_routes
from soundit_edge.page.routes import trials as trial_routes
from soundit_edge.page.routes.sets import own
from soundit_edge.page.routes.sets import updates as update_routes
from soundit_edge.page.teaching.teacher import Teacher
from soundit_edge.trials.trials import Trials


def page_routes(
    control: Control,
    devices: DeviceControl,
    store: SettingsStore,
    moods: MoodRecorder,
    librarian: Librarian,
    teacher: Teacher,
    trials: Trials,
    updates: UpdateControl,
    elsewhere: Callable[[], Sequence[str]],
    report: PageReport,
) -> list[Route]:
    """Return the routes of what the device has.

    Args:
        control: the device.
        devices: its ways in and out.
        store: has its settings.
        moods: the history of the room's mood.
        librarian: has the user's library.
        teacher: teaches it the user's own expressions and gestures.
        trials: of visitors' files.
        updates: of its models.
        elsewhere: returns the page's addresses for other devices.
        report: makes the report for a bug report.
    """
    return [
        *art.routes(SongPictures().of),
        *mood_history.routes(moods),
        *library.routes(control, librarian),
        *models.routes(control, teacher.sets),
        *own.routes(teacher),
        *trial_routes.routes(trials),
        *update_routes.routes(updates),
        *settings.routes(store, local_time),
        *device_routes.routes(devices),
        *notice.routes(lambda: store.current, elsewhere),
        *support.routes(control, report.text),
        *metrics.routes(Exposition(control).text, CONTENT_TYPE),
    ]
