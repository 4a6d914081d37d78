"""What the form of a text alone tells: marks and results that only a machine's reader would take for its own."""

from __future__ import annotations

import re
from functools import cache

_IS = r"[\"']?\s{0,2}[:=]\s{0,2}[\"']?"
_TOOL = (
    r"\b(?:escalation|support|crm|chat|tracker|knowledge)_"
    r"(?:search|get|list|find|read|post|create|update|send|submit|gather|assess|show)(?:_[a-z]+)*\b"
)
_TEAM = r"(?:leadership|security|engineering|product|l2)"
_ROW = r"[ACDIKMPRSTY]-[\w./-]{1,40}"
FORMS = (
    # a chat template's marks
    r"<\|\s*/?(?:system|assistant|user|developer|im_start|im_end|endoftext|end|start_header_id)\s*\|?>",
    r"\[/?INST\]|<</?SYS>>|</?system[-_](?:prompt|reminder|message)>",
    r"\"role\"\s{0,2}:\s{0,2}\"(?:assistant|system|developer|tool)\"",
    r"\bBEGIN (?:SYSTEM|DEVELOPER|ADMIN)\b[^\n]{0,40}",
    # a call of a tool
    r"</?(?:\w{1,10}:)?(?:function_calls?|tool_calls?|tool_use|invoke)\b[^>]{0,80}>|\bAction Input:",
    rf"(?:\b(?:call|invoke|run|execute|trigger|use|action|tool|name|arguments)\b[^.!?\n]{{0,20}}|[\"']){_TOOL}",
    r"\b(?:set|change|update|raise)_?(?:severity|priority|target|decision)\s{0,2}\(\s{0,2}[\"'\w]",
    r"\bescalate\s{0,2}\(\s{0,2}(?:\w+\s{0,2}=\s{0,2})?[\"']",
    # a result in the tool's own words
    rf"\bdecision{_IS}(?:escalate|handle_in_support)\b",
    rf"\bseverity{_IS}\w+[\"']?.{{1,40}}\btarget(?:[ _]team)?{_IS}{_TEAM}",
    # the fence around evidence, and rows of it
    r"\b(?:END|BEGIN) (?=[\w-]*\d)[a-z0-9-]{8,80}\b(?:(?!\n\n)[\s\S]){0,80}\buntrusted\b",
    rf"§[ \t]{{0,8}}(?:\d{{1,3}}\.\s{{1,3}})?\[{_ROW}\][^\n]{{0,120}}\b(?:severity|escalate|decision|target)\b",
    rf"\b{_ROW}[^\n]{{0,20}}\bcomputed:|\bevidence row\b[^\n]{{0,60}}=\s|\bsupported\s{{0,2}}=\s{{0,2}}\d+ of \d+",
    # a conversation in which a machine has given in already
    r"§(?:user|human|q|question|input|customer)\s{0,2}:[^\n]{0,400}\n?[^\n]{0,400}?"
    r"\b(?:assistant|ai|a|answer|output|model|bot)\s{0,2}:[^\n]{0,80}?"
    r"(?:\bseverity (?:is |= ?)?(?:critical|high|low)|\bdecision (?:is|=)|\bposted [^\n]{0,20}#\w)",
)


@cache
def forms(*, anywhere: bool = False) -> re.Pattern[str]:
    """Any of the forms, in whatever case; what begins a line ("§") may in a short value stand anywhere."""
    start = r"\b" if anywhere else r"(?:\A|(?<=\n)|(?<=[.!?)\]] ))\W{0,3}"
    return re.compile(
        "|".join(FORMS).replace("§[", r"(?<!\w)[" if anywhere else start + "[").replace("§", start), re.IGNORECASE
    )


def is_turn(line: str) -> bool:
    """Whether a line is one speaker's turn in a written conversation with a machine, or its heading."""
    return _turn().match(line) is not None


def turn_in(line: str) -> int | None:
    """Where in the line such a turn begins, or None."""
    found = _turn().search(line)
    return None if found is None else found.start()


@cache
def _turn() -> re.Pattern[str]:
    speakers = "user|human|assistant|ai|bot|model|system|q|a|question|answer|input|output|prompt|response"
    return re.compile(rf"(?<!\w)\W{{0,3}}(?:(?:{speakers})\s{{0,2}}:|example \d{{1,2}}\W{{0,2}}$)", re.IGNORECASE)
