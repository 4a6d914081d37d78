"""Which language model writes, how hard it thinks, and what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar, get_args
from urllib.parse import urlsplit

from msgspec import Struct, field

from customer_escalation.budget import PRICES, Budget, Price
from escalation_connectors.errors import InputError
from escalation_connectors.options import Fields, shown

Provider = Literal["anthropic", "bedrock", "vertex", "foundry"]
Effort = Literal["none", "low", "medium", "high", "xhigh", "max"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)
EFFORTS: tuple[Effort, ...] = get_args(Effort)
DEFAULT_MODEL = "claude-sonnet-5-5"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
KEYS = ("provider", "name", "effort", "base_url", "budget", "price")
LONGEST_NAME = 200
C = TypeVar("C")


class ModelSetting(Struct, frozen=True):
    """A model that can be asked. `effort` "none" leaves thinking out, for servers that do not know it."""

    provider: Provider = "anthropic"
    name: str = DEFAULT_MODEL
    effort: Effort = "medium"
    base_url: str = ""
    api_key: str = ""
    auth_token: str = ""
    budget: Budget = field(default_factory=Budget)
    price: Price | None = PRICES[DEFAULT_MODEL]

    def __repr__(self) -> str:
        """What may be shown: no key and no token."""
        return f"ModelSetting({self.name!r} at {self.where!r}, effort {self.effort})"

    @property
    def where(self) -> str:
        """The endpoint in words, without anything that a URL may hide."""
        return self.base_url or {"anthropic": "the Claude API"}.get(self.provider, self.provider.capitalize())


def read(fields: Fields, environment: Mapping[str, str]) -> ModelSetting | None:
    """The model of a configuration's `model` section and the environment, which goes first; None where none is set.

    A model is set where there is a key, a token or an endpoint, or another provider is named; of a key and a token, the
    key is used, as the SDK does it. Raises InputError.
    """
    fields.only(*KEYS)
    set_here = _Choice(fields, environment)
    provider: Provider = set_here.one_of(PROVIDERS, "CUSTOMER_ESCALATION_PROVIDER", "provider", "anthropic")
    effort: Effort = set_here.one_of(EFFORTS, "CUSTOMER_ESCALATION_EFFORT", "effort", "medium")
    name = set_here.text("CUSTOMER_ESCALATION_MODEL", "name") or DEFAULT_MODEL
    base_url = set_here.url("ANTHROPIC_BASE_URL", "base_url")
    key, token = (_secret(environment, each) for each in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"))
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise set_here.wrong("CUSTOMER_ESCALATION_MODEL", "name", f"no model has a name like {shown(name[:40])}")
    budget, price = _budget(fields.fields("budget")), _price(fields.fields("price"), name)
    if provider == "anthropic" and not (key or token or base_url):
        return None
    return ModelSetting(provider, name, effort, base_url, key, "" if key else token, budget, price)


def _secret(environment: Mapping[str, str], variable: str) -> str:
    """A key or token, which a header can carry. Raises InputError, which does not repeat it."""
    value = environment.get(variable, "").strip()
    if value and not (value.isascii() and value.isprintable() and " " not in value):
        raise InputError(f"{variable}: holds a space, a line break or a letter that no key has")
    return value


class _Choice(Struct, frozen=True):
    """A value from the environment or from the file; a complaint names the one it came from."""

    fields: Fields
    environment: Mapping[str, str]

    def text(self, variable: str, key: str) -> str:
        return self.environment.get(variable, "").strip() or self.fields.text(key)

    def wrong(self, variable: str, key: str, what: str) -> InputError:
        set_outside = self.environment.get(variable, "").strip()
        return InputError(f"{variable}: {what}") if set_outside else self.fields.wrong(key, what)

    def one_of(self, choices: tuple[C, ...], variable: str, key: str, default: C) -> C:
        value = self.text(variable, key) or default
        for choice in choices:
            if choice == value:
                return choice
        raise self.wrong(variable, key, f"not one of {', '.join(map(str, choices))}: {shown(value)}")

    def url(self, variable: str, key: str) -> str:
        """An http or https address without credentials in it; https unless it stays on this machine."""
        value = self.text(variable, key)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            raise self.wrong(variable, key, "not an address like https://host:port/path") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise self.wrong(variable, key, f"not an address like https://host/path: {shown(parts.scheme)}")
        if not value.isascii() or not value.isprintable() or " " in value:
            raise self.wrong(variable, key, "holds a space or a letter that no address has")
        if parts.query or parts.fragment:
            raise self.wrong(variable, key, "ends in ?... or #..., which no base URL has")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise self.wrong(variable, key, "must begin with https:// unless it is on this machine")
        return value.rstrip("/")


def _budget(fields: Fields) -> Budget:
    fields.only("requests", "tokens", "seconds", "usd")
    default = Budget()
    return Budget(
        requests=int(fields.number("requests", default.requests)),
        tokens=int(fields.number("tokens", default.tokens)),
        seconds=fields.number("seconds", default.seconds),
        usd=fields.number("usd", default.usd),
    )


def _price(fields: Fields, name: str) -> Price | None:
    fields.only("input", "output")
    known = PRICES.get(name)
    given = Price(
        fields.number("input", known.input if known else 0.0), fields.number("output", known.output if known else 0.0)
    )
    return given if known or given.input or given.output else None
