"""workspace.yaml: who we are, when we work and where things go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest

from customer_escalation import profile as profiles
from customer_escalation import resources
from customer_escalation.profile import Area, BusinessHours, Profile, Team
from escalation_connectors.errors import InputError


def load(folder: Path, text: str) -> Profile:
    path = folder / "workspace.yaml"
    path.write_text(text, encoding="utf-8")
    return profiles.load(path)


def test_a_missing_file_is_an_empty_profile(tmp_path: Path) -> None:
    assert profiles.load(tmp_path / "workspace.yaml") == Profile()


def test_a_link_to_nowhere_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match=r"^workspace\.yaml: cannot be read: No such file or directory$"):
        profiles.load(tmp_path / "workspace.yaml")


def test_what_the_file_leaves_out_has_a_default(tmp_path: Path) -> None:
    profile = load(tmp_path, "")

    assert (profile.company, profile.products, profile.reporter, profile.teams) == ("", (), "", {})
    assert profile.timezone == ZoneInfo("UTC")
    assert profile.business_hours == BusinessHours(("mon", "tue", "wed", "thu", "fri"), "09:00", "17:00", ())
    assert (profile.high_value_arr, profile.high_value_tiers, profile.sample_now) == (None, None, None)
    assert profile.policy is not None
    assert profile.policy.values == {}


def test_every_key_of_the_file_is_read(tmp_path: Path) -> None:
    profile = load(
        tmp_path,
        """
        company: Larkfield
        products: [Orders API, 360]
        timezone: Europe/Stockholm
        reporter: Larkfield Support
        sample_now: 2026-11-19T17:50:00+01:00
        high_value: {arr: 250000, tiers: [Gold]}
        policy: {thresholds: {waiting_hours: 24}}
        """,
    )

    assert (profile.company, profile.products, profile.reporter) == (
        "Larkfield",
        ("Orders API", "360"),
        "Larkfield Support",
    )
    assert profile.timezone == ZoneInfo("Europe/Stockholm")
    assert profile.sample_now == datetime(2026, 11, 19, 16, 50, tzinfo=UTC)
    assert (profile.high_value_arr, profile.high_value_tiers) == (250000, ("Gold",))
    assert profile.policy is not None
    assert profile.policy.fields("thresholds").number("waiting_hours", 0) == 24


def test_teams_and_their_areas_are_the_only_destinations(tmp_path: Path) -> None:
    profile = load(
        tmp_path,
        """
        teams:
          engineering:
            channel: "#eng"
            tracker_project: ORD
            owners: [Tove]
            areas: {orders: {keywords: [Orders API, POST], channel: "#orders"}}
          security: {channel: "#sec"}
          marketing: {channel: "#ads"}
        """,
    )

    assert profile.teams == {"engineering": Team("#eng", "ORD", ("Tove",)), "security": Team("#sec")}
    assert profile.areas["engineering"] == (Area("orders", ("orders api", "post"), Team("#orders")),)
    assert profile.areas["security"] == ()


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("holidays: SE", BusinessHours(holidays=("SE",))),
        ("holidays: NO", BusinessHours(holidays=("NO",))),
        ("holidays: DE-BY", BusinessHours(holidays=("DE-BY",))),
        ("holidays: [2026-12-24, 2026-12-25]", BusinessHours(holidays=("2026-12-24", "2026-12-25"))),
        ("holidays:", BusinessHours()),
        ("holidays: SE\nbusiness_hours: {holidays: [2026-12-24]}", BusinessHours(holidays=("2026-12-24",))),
        ("business_hours: {days: [Mon, TUE]}", BusinessHours(("mon", "tue"))),
        ("business_hours: {start: 8:30, end: 17:30}", BusinessHours(start="08:30", end="17:30")),
        ('business_hours: {start: "10:00", end: "23:59"}', BusinessHours(start="10:00", end="23:59")),
    ],
)
def test_hours_and_holidays_are_read_as_people_write_them(tmp_path: Path, text: str, hours: BusinessHours) -> None:
    assert load(tmp_path, text).business_hours == hours


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("timezone: CET+1h", "timezone: not an IANA zone: 'CET+1h'"),
        ("business_hours: {days: [mon, moon]}", "business_hours.days: not a weekday (mon ... sun): 'moon'"),
        ("business_hours: {start: noon}", "business_hours.start: not a time of day (HH:MM): 'noon'"),
        ("business_hours: {start: 18:00}", "business_hours.end: must be after the start, 18:00: '17:00'"),
        ("holidays: SWE", "holidays: not a country code (as SE) or a list of dates: 'SWE'"),
        ("holidays: XX", "holidays: no holidays are known for 'XX'; list their dates instead"),
        (
            "business_hours: {holidays: DE-ZZ}",
            "business_hours.holidays: no holidays are known for 'DE-ZZ'; list their dates instead",
        ),
        ("holidays: [24 Dec]", "holidays: not a date (as 2026-12-24): '24 Dec'"),
        ("teams: {product: [lotta]}", "teams.product: must be a mapping of keys, not a list"),
        ("high_value: {arr: .inf}", "high_value.arr: must be between 0 and 1,000,000,000,000,000, not inf"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    assert str(caught.value) == f"workspace.yaml: {line}"


def test_the_sample_company_has_a_place_for_every_target() -> None:
    profile = profiles.load(resources.SAMPLE / "workspace.yaml")

    assert list(profile.teams) == ["l2_support", "engineering", "product", "security", "leadership"]
    assert all(team.channel.startswith("#") for team in profile.teams.values())
    assert profile.sample_now is not None


def test_the_library_knows_the_holidays_of_every_country_that_is_taken_without_asking_it() -> None:
    assert set(holidays.list_supported_countries()) >= profiles.KNOWN
