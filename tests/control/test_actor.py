from __future__ import annotations

import pytest

from soundit_edge.control.actor import Actor, Kind, Role


@pytest.mark.parametrize(("role", "may"), [(Role.VIEWER, False), (Role.OPERATOR, True), (Role.ADMIN, True)])
@pytest.mark.parametrize("kind", Kind)
def test_a_viewer_alone_may_not_change_anything(kind: Kind, role: Role, may: bool) -> None:
    assert Actor(kind, role).may_change is may


@pytest.mark.parametrize(
    ("actor", "subject"),
    [
        (Actor(Kind.PAGE, Role.ADMIN, "anna"), "you"),
        (Actor(Kind.PANEL, Role.OPERATOR), "you"),
        (Actor(Kind.SCHEDULE, Role.OPERATOR, "evenings"), "the schedule"),
        (Actor(Kind.INTEGRATION, Role.OPERATOR, "mqtt"), "mqtt"),
        (Actor(Kind.INTEGRATION, Role.OPERATOR), "an integration"),
    ],
)
def test_a_sentence_about_an_actor_has_a_subject(actor: Actor, subject: str) -> None:
    assert actor.subject == subject
