"""What may be seen of a casebook: the cases of one team or of several, of the sample company or without it."""

from __future__ import annotations

import pytest

from customer_escalation.casebook import Casebook, UnknownCase
from tests.server.desks import NOW
from tests.skill import render_samples as samples


def add(casebook: Casebook, workspace: str = "Northwind") -> str:
    return casebook.add(samples.unknown(), customer="", workspace=workspace, opened_at=NOW)


def test_a_team_sees_its_own_cases_alone(casebook: Casebook) -> None:
    support, billing = casebook.of_team("support"), casebook.of_team("billing")
    mine, theirs = add(support), add(billing)

    assert (support.ids(), billing.ids()) == ((mine,), (theirs,))
    assert casebook.ids() == (theirs, mine)
    with pytest.raises(UnknownCase):
        support.get(theirs)
    with pytest.raises(UnknownCase):
        support.record(theirs, "noted", actor="person:anna", at=NOW)


def test_a_person_of_several_teams_sees_all_of_theirs_and_opens_for_the_first(casebook: Casebook) -> None:
    for team in ("support", "billing", "security"):
        add(casebook.of_team(team))
    both = casebook.of_team(("billing", "support"))

    assert both.ids() == ("case-2", "case-1")
    assert both.get(add(both)).team == "billing"


def test_a_person_of_no_team_sees_nothing(casebook: Casebook) -> None:
    add(casebook)

    assert casebook.of_team(()).ids() == ()
    assert casebook.of_team("").ids() == ("case-1",)


def test_the_cases_of_the_sample_company_stand_apart(casebook: Casebook) -> None:
    sample, own = add(casebook, "Larkfield"), add(casebook)

    assert casebook.of_workspace("Larkfield").of_team(None).ids() == (sample,)
    assert casebook.of_workspace(other_than="Larkfield").ids() == (own,)
    assert [each.workspace for each in casebook.summaries()] == ["Northwind", "Larkfield"]
