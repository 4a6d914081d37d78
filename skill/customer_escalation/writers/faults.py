"""What went wrong with a model, in one line that says what to do; never the words of the other side."""

from __future__ import annotations

from typing import cast

from customer_escalation.language import one_line
from customer_escalation.model_setting import EFFORTS, ModelSetting
from customer_escalation.safety import clean

BY_STATUS = {
    401: "the key was refused by {where}; check ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN",
    402: "{where} asks for payment first; check the account's balance",
    403: "the key may not use {name} at {where}",
    404: "{where} knows no model {name}; set CUSTOMER_ESCALATION_MODEL, or check the base URL",
    400: "{where} refused the request as it was made; try another model, or CUSTOMER_ESCALATION_EFFORT=none",
    408: "{where} took too long",
    413: "the case is too large for {where}",
    429: "{where} allows no more requests for now; try again later",
    529: "{where} is overloaded; try again later",
}
# Of what a refused request may say, as the API words it: what it means for whoever runs this.
CAUSES = (
    ("credit balance", "{where} asks for payment first; check the account's balance"),
    ("prompt is too long", "the case is too large for {name}"),
    ("maximum context", "the case is too large for {name}"),
)
UNFINISHED = {
    "refusal": "it refused to answer",
    "max_tokens": "its answer was longer than allowed",
    "model_context_window_exceeded": "the case is too large for it",
}
NO_LIST = (404, 405, 501)
BREAKS = ("RemoteProtocolError", "ReadError")  # of a connection that had begun to answer
EXTRAS = ("bedrock", "vertex")
# What the SDK raises for an answer that does not follow the protocol (a proxy's page, events in no order).
NONSENSE = (AssertionError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
CERTIFICATES = "the certificates to trust cannot be read; check SSL_CERT_FILE and SSL_CERT_DIR"
PROXY = "the proxy to go through is no address that can be used; check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY"


def nonsense(model: ModelSetting) -> str:
    """What answered speaks no Messages API."""
    return f"what came from {model.where} is no answer of the Messages API"


def unexpected(error: BaseException, model: ModelSetting) -> str:
    """One line for whatever else was raised, also inside a group of tasks."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    if isinstance(error, TimeoutError):
        return f"no answer from {model.where} in time"
    if model.provider != "anthropic":  # their own libraries look for credentials when the first request is made
        return unusable(model)
    if isinstance(error, UnicodeError):
        return "the request cannot be sent: one of its headers holds letters that no header has"
    if isinstance(error, NONSENSE):
        return nonsense(model)
    return f"an unexpected {type(error).__name__} ended its work; please report it"


def told(error: Exception, model: ModelSetting) -> str:
    """One line for an error of the SDK, by its status."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        if type(error).__name__ in BREAKS:
            return unfinished(None)
        late = "Timeout" in type(error).__name__
        return (
            f"no answer from {model.where} in time" if late else f"{model.where} cannot be reached; check the base URL"
        )
    if 300 <= status < 400:
        return f"{model.where} points to another address, which is not followed; check the base URL (HTTP {status})"
    if status < 400:
        return f"an error of {model.where} broke its answer off; try again later"
    general = "{where} failed; try again later" if status >= 500 else "{where} refused the request"
    said = cause(error) or BY_STATUS.get(status, general)
    return f"{said.format(where=model.where, name=model.name)} (HTTP {status})"


def cause(error: Exception) -> str:
    """What a refused request lacked, where the API says it in words that are known; its own words go nowhere."""
    said = str(getattr(error, "body", "") or "").lower() if getattr(error, "status_code", 0) in (400, 413, 422) else ""
    return next((meant for words, meant in CAUSES if words in said), "")


def told_of_models(error: Exception, model: ModelSetting) -> str:
    """One line for an error where the endpoint was asked about the model; many servers have no such list."""
    body = getattr(error, "body", None)
    known = "not_found_error" in str(body)
    if getattr(error, "status_code", None) in NO_LIST and not known:
        return f"{model.where} does not describe its models; whether it has {model.name} shows when it is asked"
    return told(error, model)


def unfinished(stop_reason: str | None) -> str:
    """Why an answer is no whole one, or an empty text."""
    return "its answer broke off" if stop_reason is None else UNFINISHED.get(stop_reason, "")


def unusable(model: ModelSetting) -> str:
    """Why no client could be made."""
    packages = f", and pip install 'customer-escalation[{model.provider}]'" if model.provider in EXTRAS else ""
    return f"{model.provider} is not set up: set its own variables for credentials and region{packages}"


def described(found: object) -> str:
    """What a model can do, as far as the API tells: its name and state, sizes, thinking, effort, strict tools."""
    name, state = (one_line(str(getattr(found, key, None) or "")) for key in ("display_name", "lifecycle"))
    reads, writes = (getattr(found, key, None) for key in ("max_input_tokens", "max_tokens"))
    can = getattr(found, "capabilities", None)
    parts = [
        clean(name).text[:80],
        clean(state).text[:40],
        f"reads {reads:,} tokens" if isinstance(reads, int) else "",
        f"writes {writes:,}" if isinstance(writes, int) else "",
        "thinks" if _supported(can, "thinking") else "",
        _efforts(can),
        "strict tools" if _supported(can, "structured_outputs") else "",
    ]
    return ", ".join(part for part in parts if part) or "it says nothing of itself"


def _supported(can: object, name: str) -> bool:
    return getattr(getattr(can, name, None), "supported", None) is True


def _efforts(can: object) -> str:
    levels = [level for level in EFFORTS if _supported(getattr(can, "effort", None), level)]
    return f"effort {' '.join(levels)}" if levels else ""
