"""What is refused while the device is private or stands in a public place, for all clients alike."""

from __future__ import annotations

from soundit_edge.control.refusals import NotNow
from soundit_edge.settings import PrivacySettings


def refuse_in_public(privacy: PrivacySettings) -> None:
    """Refuse what concerns individuals.

    Raises:
        NotNow: the device stands in a public place.
    """
    if privacy.public_place:
        raise NotNow("The device stands in a public place: nothing about individuals is shown or kept.")


def refuse_in_private(privacy: PrivacySettings) -> None:
    """Refuse what needs a camera or a microphone.

    Raises:
        NotNow: the device is private.
    """
    if privacy.private:
        raise NotNow("The device is private: camera and microphone are closed.")
