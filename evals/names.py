"""What a seed draws from: invented companies, people, versions and moments, for the slots of a scenario."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

BASES = (
    "Alderbrook Arvika Bellhaven Birkmose Calloway Cedarlund Corvane Dahlgren Eastmarch Elmsworth Fairhollow Fjordmark "
    "Glenrowan Granholm Harrowgate Ivarsson Juniper Kestrelby Lindqvist Marlowe Nordvik Oakhurst Penhallow Quarrington "
    "Ravndal Selbourne Thornby Ulverton Vasterbo Westerholm Yarrowdale Zellweger"
).split()
SUFFIXES = (
    ("Foods", "Labs"),
    ("Group", "Studios"),
    ("Logistics", "Gardens"),
    ("AB", "Cycles"),
    ("Ltd", "Dental"),
    ("GmbH", "Optics"),
    ("Partners", "Bakery"),
    ("Inc", "Ceramics"),
)
FIRST = (
    "Aisha Anders Beatriz Chidi Daniela Emeka Farah Gustav Hana Ingrid Jamal Kaito Leila Mateus Nadia Oskar Paloma "
    "Quentin Rosa Sanjay Tomasz Ursula Viktor Wen Ximena Yusuf Zofia"
).split()
LAST = (
    "Abara Bergman Castellano Dvorak Eriksen Fontaine Grewal Hoffmann Ibsen Jansen Kowalski Lindgren Moreno Nakamura "
    "Okafor Petrov Quist Rahman Silva Tanaka Usman Vance Weller Yilmaz Zimmer"
).split()
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
SPAN = re.compile(r"([+-]?\d+)([mhd])")
ALPHABET = string.ascii_letters + string.digits


def span(text: str) -> timedelta:
    """The time that "-26h", "+3d" or "90m" stands for."""
    found = SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"not a span of time: {text!r}")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def stamp(at: datetime) -> str:
    """A moment as the workspace writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Moments(dict[str, str]):
    """What `{day[-3d]}` and its like read as: every span from now, in one notation."""

    def __init__(self, now: datetime, notation: str) -> None:
        super().__init__()
        self.now, self.notation = now, notation

    def __missing__(self, key: str) -> str:
        at = self.now + span(key)
        return at.strftime(self.notation).lstrip("0")


@dataclass(frozen=True, slots=True)
class Company:
    """An invented customer; `{A}` reads as its name, `{A.first}` as the first name of who writes for it."""

    id: str
    name: str
    person: str
    lookalike: str

    @property
    def first(self) -> str:
        """The first name of the person who writes."""
        return self.person.split()[0]

    @property
    def domain(self) -> str:
        """The company's own domain."""
        return f"{self.name.lower().replace(' ', '-')}.example"

    def __str__(self) -> str:
        return self.name


def companies(random: Random, count: int) -> list[Company]:
    """So many companies, of which no two share a word."""
    bases = random.sample(BASES, len(BASES))
    found: list[Company] = []
    for number in range(count):
        again, at = divmod(number, len(bases))
        base = bases[at] + ("" if not again else chr(96 + again))
        suffix, other = random.choice(SUFFIXES)
        person = f"{random.choice(FIRST)} {random.choice(LAST)}"
        found.append(Company(f"acc-{1000 + number}", f"{base} {suffix}", person, f"{base} {other}"))
    return found


def staff(random: Random) -> Mapping[str, str]:
    """Who works for the vendor."""
    first, last = random.sample(FIRST, 2), random.sample(LAST, 2)
    return {"agent": f"{first[0]} {last[0]}", "engineer": f"{first[1]} {last[1]}"}


def secret(random: Random, kind: str) -> str:
    """An API key, a password as people choose them, or an access code in groups."""
    letters = "".join(random.choices(ALPHABET, k=28))
    if kind == "api_key":
        return f"sk_live_{letters}"
    if kind == "password":
        return f"{random.choice(LAST)}!{random.randint(100, 999)}{letters[:5]}"
    return "-".join((letters[:4], letters[4:8], letters[8:12]))


def now_of(random: Random) -> datetime:
    """A working day in the middle of the week, in the afternoon (UTC)."""
    day = datetime(2027, 1, 5, 14, 20, tzinfo=UTC) + timedelta(days=random.randrange(600))
    return day - timedelta(days=max(0, day.weekday() - 3)) + timedelta(days=max(0, 1 - day.weekday()))


def figures(random: Random) -> Mapping[str, object]:
    """Numbers and versions: `older` came before `version`."""
    major, minor = random.randint(2, 9), random.randint(3, 40)
    return {
        "n": random.randint(120, 980),
        "m": random.randint(4, 19),
        "pct": random.randint(21, 48),
        "version": f"{major}.{minor}.{random.randint(1, 9)}",
        "older": f"{major}.{minor - random.randint(1, 2)}.0",
    }
