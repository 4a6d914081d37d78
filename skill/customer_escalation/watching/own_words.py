"""What somebody says in a message themselves: without what it quotes of earlier ones, and only where a person wrote."""

from __future__ import annotations

import re

from customer_escalation.evidence import Evidence

QUOTED = re.compile(r"^\s*(?:>|\|).*$", re.M)
BEFORE = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:original|forwarded|urspr\w+|weitergel\w+) (?:message|nachricht) ?-{2,}.*|_{5,}|--[ \t]*$"
    r"|(?:on|am|le|el|op|den) [^\n]{4,120}\n?[^\n]{0,60}\b(?:wrote|schrieb|a écrit|escribió|schreef|skrev)\b[^\n]*:"
    r"|(?:from|von|de|van|från): [^\n]{1,120}\n"
    r"(?:sent|date|to|gesendet|datum|envoyé|enviado|verzonden|skickat): .*)(?P<marked>\n\s*>)?", re.I | re.M
)  # fmt: skip
AUTOMATIC = re.compile(
    r"^\W*(?:automatic(?:ally)? (?:reply|response|generated)|auto-?reply|abwesenheit\w*|automatische antwort)\b"
    r"|\b(?:am|.m|be|currently) (?:\w+ ){0,2}(?:out of (?:the )?office|on (?:annual|parental|sick) leave)\b"
    r"|\bautomatically (?:marked|closed|locked|generated|sent)\b|\bthis is an automated\b", re.I | re.M
)  # fmt: skip
ROBOT = re.compile(r"\[bot\]|\bbot\b|\bno-?reply\b|\bmailer-daemon\b|\bauto-?responder\b", re.I)


def own_words(text: str) -> str:
    """A message without what it quotes; what stands below a quotation counts where the quoted lines are marked."""
    earlier = BEFORE.search(text)
    if earlier is not None:
        text = text[: earlier.start()] + (text[earlier.start("marked") :] if earlier["marked"] else "")
    return QUOTED.sub("", text)


def is_automatic(row: Evidence) -> bool:
    """Whether a program sent it: an absence note, a bot, a rule of the desk."""
    name = row.author.name if row.author else ""
    return ROBOT.search(name) is not None or AUTOMATIC.search(row.text) is not None
