"""How the API describes a model."""

from __future__ import annotations

from typing import Any

WINDOW, MOST_TOKENS = 1_000_000, 64_000
_YES, _NO = {"supported": True}, {"supported": False}


def card(name: str, window: int) -> dict[str, Any]:
    """A model that can do what current ones can."""
    return {
        "type": "model",
        "id": name,
        "display_name": name,
        "created_at": "2026-09-28T00:00:00Z",
        "lifecycle": "active",
        "deprecated_at": None,
        "retires_at": None,
        "line": None,
        "max_input_tokens": window,
        "max_tokens": MOST_TOKENS,
        "capabilities": {
            **dict.fromkeys(("batch", "citations", "image_input", "pdf_input", "structured_outputs"), _YES),
            "code_execution": _NO,
            "server_tools": {"supported": False, "code_execution": _NO, "web_search": _NO},
            "context_management": {"supported": False},
            "effort": {"supported": True, **dict.fromkeys(("low", "medium", "high", "xhigh", "max"), _YES)},
            "thinking": {"supported": True, "types": {"adaptive": _YES, "enabled": _YES, "disabled": _YES}},
        },
    }
