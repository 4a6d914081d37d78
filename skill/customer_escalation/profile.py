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


# Countries whose holidays are known: to ask the library takes longer than all else that a command does at its start.
KNOWN = frozenset((
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
).split())  # fmt: skip


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
        if country and not has_holidays(country):
            raise holder.wrong("holidays", f"no holidays are known for {shown(country)}; list their dates instead")
        return (country,) if country else ()
    dates = holder.texts("holidays")
    for day in dates:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise holder.wrong("holidays", f"not a date (as 2026-12-24): {shown(day)}") from None
    return dates


def has_holidays(country: str) -> bool:
    """Whether the holidays of this country, or of this region in it, are known (SE, DE-BY)."""
    name, _, region = country.partition("-")
    if name in KNOWN and not region:
        return True
    import holidays

    try:
        holidays.country_holidays(name, subdiv=region or None)
    except NotImplementedError:
        return False
    return True


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
