"""The company profile in workspace.yaml: who we are, when we work, where things go. Destinations come only from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from customer_escalation import yaml_file
from customer_escalation.brief import Target
from customer_escalation.policy import TARGETS
from escalation_connectors.options import Fields, shown

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]?\d)", re.ASCII)
COUNTRY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


class Team(Struct, frozen=True):
    """Where a target's work arrives."""

    channel: str = ""
    tracker_project: str = ""
    owners: tuple[str, ...] = ()


class Area(Struct, frozen=True):
    """A product area of a team, recognised by its keywords."""

    name: str
    keywords: tuple[str, ...]
    team: Team


class BusinessHours(Struct, frozen=True):
    """Working days and hours, local to the profile's time zone; holidays are a country code or dates."""

    days: tuple[str, ...] = WEEKDAYS[:5]
    start: str = "09:00"
    end: str = "17:00"
    holidays: tuple[str, ...] = ()


class Profile(Struct, frozen=True):
    """Everything workspace.yaml says, with defaults for what it leaves out."""

    company: str = ""
    products: tuple[str, ...] = ()
    timezone: tzinfo = field(default_factory=lambda: ZoneInfo("UTC"))
    business_hours: BusinessHours = BusinessHours()
    reporter: str = ""
    teams: Mapping[Target, Team] = field(default_factory=dict[Target, Team])
    areas: Mapping[Target, tuple[Area, ...]] = field(default_factory=dict[Target, tuple[Area, ...]])
    high_value_arr: float | None = None
    high_value_tiers: tuple[str, ...] | None = None
    policy: Fields | None = None
    sample_now: datetime | None = None

    @property
    def signature(self) -> str:
        """Who reports and signs: the reporter, else the company's support; empty where neither is set."""
        return self.reporter or (f"{self.company} Support" if self.company else "")


def load(path: Path) -> Profile:
    """The profile in this file; a missing file is an empty profile. Raises InputError."""
    if not path.exists() and not path.is_symlink():  # a link to nowhere is a mistake
        return Profile()
    fields = yaml_file.load(path)
    high_value, teams = fields.fields("high_value"), fields.fields("teams")
    return Profile(
        company=fields.text("company"),
        products=fields.texts("products"),
        timezone=_zone(fields),
        business_hours=_business_hours(fields),
        reporter=fields.text("reporter"),
        teams={target: _team(teams.fields(target)) for target in TARGETS if target in teams.values},
        areas={target: _areas(teams.fields(target)) for target in TARGETS if target in teams.values},
        high_value_arr=high_value.number("arr", 0) if "arr" in high_value.values else None,
        high_value_tiers=high_value.texts("tiers") if "tiers" in high_value.values else None,
        policy=fields.fields("policy"),
        sample_now=fields.time("sample_now"),
    )


def _zone(fields: Fields) -> tzinfo:
    name = fields.text("timezone", "UTC")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise fields.wrong("timezone", f"not an IANA zone: {shown(name)}") from None


def _business_hours(fields: Fields) -> BusinessHours:
    hours = fields.fields("business_hours")
    days = tuple(day.lower() for day in hours.texts("days", WEEKDAYS[:5]))
    for day in days or ("",):
        if day not in WEEKDAYS:
            raise hours.wrong("days", f"not a weekday (mon ... sun): {shown(day)}")
    start, end = _clock(hours, "start", "09:00"), _clock(hours, "end", "17:00")
    if start >= end:
        raise hours.wrong("end", f"must be after the start, {start}: {shown(end)}")
    return BusinessHours(days, start, end, _holidays(hours if "holidays" in hours.values else fields))


def _holidays(holder: Fields) -> tuple[str, ...]:
    """A country, perhaps with a region (SE, DE-BY), or dates."""
    if not isinstance(holder.values.get("holidays"), list):
        country = holder.text("holidays")
        if country and not COUNTRY.fullmatch(country):
            raise holder.wrong("holidays", f"not a country code (as SE) or a list of dates: {shown(country)}")
        return (country,) if country else ()
    dates = holder.texts("holidays")
    for day in dates:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise holder.wrong("holidays", f"not a date (as 2026-12-24): {shown(day)}") from None
    return dates


def _clock(hours: Fields, key: str, default: str) -> str:
    text = hours.text(key, default)
    written = CLOCK.fullmatch(text)
    if written is None:
        raise hours.wrong(key, f"not a time of day (HH:MM): {shown(text)}")
    return f"{int(written[1]):02}:{int(written[2]):02}"


def _team(fields: Fields) -> Team:
    return Team(fields.text("channel"), fields.text("tracker_project"), fields.texts("owners"))


def _areas(fields: Fields) -> tuple[Area, ...]:
    areas = fields.fields("areas")
    return tuple(
        Area(name, tuple(word.lower() for word in areas.fields(name).texts("keywords")), _team(areas.fields(name)))
        for name in areas.values
    )
