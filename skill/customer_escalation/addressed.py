"""What in a text is addressed to an automated reader: it is kept as evidence, and never acted on or repeated.

Some wordings are enough by themselves: an order to drop earlier instructions, a salutation to an AI, a chat template's
marks. Others are everyday words ("System:", "from now on"), and count only next to an order about the outcome: the
severity, the decision, the team, a channel. An order alone counts for nothing: customers may ask for a priority.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from customer_escalation.memory import MEMORY

NEAR = 300
LONGEST_FIELD = 400
_GAP = r"[^.!?\n]"
_OLD = r"(?:previous|prior|earlier|preceding|above|foregoing|your|system|existing|original|other|former|current)"
_FOR_THE = r"(?:(?:the|any|all|an?|our|your|every|whichever|whatever|this)\s+)?"
_KIND = (
    r"(?:ai|a\.i\.|llm|gpt|genai|artificial[- ]intelligence|(?:large[- ])?language[- ]model|automat(?:ed|i"
    r"c)|autonomous|virtual|"
    r"machine|escalation|triage|summari[sz]ation|brief(?:ing)?)"
)
_THING = (
    r"(?:assistants?|agents?|systems?|readers?|models?|tools?|reviewers?|summari[sz]ers?|(?:chat)?bots?|pr"
    r"ocessors?|pipelines?|"
    r"software|services?|engines?|workflows?|analysts?|classifiers?|helpers?|copilots?|writers?|scripts?|programs?)"
)
_MACHINE = (
    rf"(?:{_KIND}[- ](?:(?:powered|based|driven|support|escalation|triage|summary)[- ])?{_THING}|llms?\b|"
    rf"language[- ]models?|ai\b)"
)
_BUSY = (
    r"(?:prepar|process|read|writ|summari[sz]|handl|generat|review|draft|analy[sz]|compil|evaluat|pars|triag|work)\w*"
)
_OURS = (
    r"(?:this|these|the|your)\s+(?:\w+\s+)?(?:briefs?|tickets?|cases?|records?|summar\w+|escalations?|"
    r"threads?|text|messages?|conversations?|reports?|comments?)"
)
_NEW = (
    r"(?:important|urgent|new|updated?|internal|special|additional|mandatory|company|escalation|support|"
    r"routing|confidential|final|real|hidden)"
)
_START = r"(?:^|(?<=[\n.!?:;|)\]>\-–—\"“'(\[*#]))[ \t]{0,8}"

# Enough by themselves.
ORDERS = (
    rf"(?i)\b(?:ignore|disregard|forget|override|bypass|discard|overrule|set aside|do(?: not|n.t) (?:follow"
    rf"|obey)|stop following)\b{_GAP}{{0,40}}?"
    rf"(?:\b{_OLD}\b{_GAP}{{0,30}}?\b(?:instructions?|prompts?|directives?|guidelines?|rules|commands|progr"
    rf"amming|guardrails|constraints)\b"
    rf"|\b(?:all|any|every)\s+(?:of\s+)?(?:the\s+|these\s+|those\s+)?(?:instructions?|prompts?|directives?|"
    rf"guardrails)\b)"
    rf"|{_START}(?:dear|hey|hi|hello|attention|attn\.?|to|(?:{_NEW}\s+)?(?:note|message|notice|instructions"
    rf"?|memo|reminder|request)s?\s+(?:to|for))[ ,:]+{_FOR_THE}{_MACHINE}"
    rf"(?!\w|\s+(?:companies|company|startup|team|feature|customers?|vendors?))"
    rf"|\bif you(?: are|.re)\s+(?:an?\s+)?(?:{_MACHINE}|automated)(?!\s+(?:company|startup|team|customer|vendor))"
    rf"|\bas\s+an?\s+{_MACHINE}(?:\s+\w+)?,?\s+you\b"
    rf"|\byou are(?: now)?\s+(?:an?\s+)?(?:unrestricted|jailbroken|uncensored|{_MACHINE})\b(?![- ]?(?:compa"
    rf"ny|startup|team|first|powered|based|driven|native|customer|vendor))"
    r"|<\|\s*/?(?:system|assistant|user|im_start|im_end|endoftext)\s*\|?>|\[/?INST\]|<</?SYS>>|</?system[-"
    r"_](?:prompt|reminder|message)>"
    r"|\b(?:call|invoke|use|run|execute|trigger)\b[^.!?\n]{0,20}\b(?:escalation|support|crm|chat|tracker|k"
    r"nowledge)_[a-z]+(?:_[a-z]+)*\b"
    # Spanish, Portuguese, Italian; German, Dutch; French; Russian, Chinese, Japanese
    rf"|\b(?:ignor(?:a|e|ad|en|ar|em|ate|i)|olvid[ae]n?|descart[ae]n?|desestim[ae]n?|omit[ae]n?|haga? caso "
    rf"omiso de|esque[cç]a|desconsidere|dimentica\w*)\b{_GAP}{{0,30}}\b"
    rf"(?:instrucciones|indicaciones|[oó]rdenes|directrices|reglas|instru[cç][oõ]es|istruzioni|regole)\b"
    rf"|\b(?:ignorier\w*|vergiss|vergessen sie|missacht\w*|verwirf|negeer|vergeet)\b{_GAP}{{0,50}}\b(?:anwe"
    rf"isung\w*|instruktion\w*|vorgaben|regeln|befehle?n?|instructies|opdrachten)\b"
    rf"|\b(?:ignore[zr]?|oublie[zr]?|(?:ne )?ten(?:ez|ir) pas compte)\b{_GAP}{{0,40}}\b(?:instructions|cons"
    rf"ignes|directives)\s+(?:pr[eé]c[eé]dent\w*|ant[eé]rieur\w*|ci-dessus|du syst[eè]me)"
    rf"|{_START}(?:(?:nota|mensaje|aviso|nachricht|hinweis|anweisung|note|message)\s+)?(?:al?|para (?:el|la"
    rf")|estimad[oa]|an (?:den|die|das)|f[uü]r (?:den|die|das)|liebe[rs]?|pour|[aà])\s+(?:l['’])?"
    r"(?:(?:asistente|agente|sistema|modelo|herramienta|assistant|agent|outil|syst[eè]me|mod[eè]le)\s+(?:d"
    r"e\s+|d['’])?(?:ia\b|inteligencia|intelligence|automat\w+|escal\w+)|(?:ki|ai)[- ]?(?:assistent|agent|"
    r"system|modell|tool|werkzeug)\w*)"
    r"|игнорируй\w*\s[^.!?\n]{0,40}инструкци|忽略[^。\n]{0,20}(?:指令|指示|说明)|無視して"
)
# Enough only near an order about the outcome.
SUSPECT = (
    rf"(?i){_START}(?:[\[(<{{#*=_-]{{1,8}}\s{{0,4}})?(?:system|developer|assistant|admin(?:istrator)?|opera"
    rf"tor|root|hidden|internal)\s+(?:message|prompt|instructions?|note|override|directive|notice|command|u"
    rf"pdate|alert)s?\b"
    rf"|{_START}[\[(<{{#*]{{0,8}}\s{{0,4}}(?:system|assistant|developer)\s{{0,4}}[\])>}}*]{{0,8}}\s{{0,4}}[:>\]]"
    rf"|{_START}(?:{_NEW}\s+){{0,2}}(?:policy|override|instructions?|directive|task|objective)(?:\s+(?:note"
    rf"|update|override|exception|notice|change))?\s*:"
    rf"|\b{_MACHINE}s?,?\s+(?:(?:that|which|who)\s+)?(?:is\s+|are\s+|will\s+)?{_BUSY}\s+{_OURS}"
    rf"|\b(?:the|dear|hey|hi|hello|any|to)\s+(?:assistant|bot|chatbot|model|reader|tool|system|software|"
    rf"{_MACHINE})s?\s*(?:,|:|\b(?:that|which|who)?\s*{_BUSY}\s+{_OURS})"
    r"|\bif you(?: are|.re)\s+(?:an?\s+)?(?:chat ?bot|bot|assistant|machine|program)\b|\byou are(?: now)? "
    r"(?:in|an?|the) (?:\w+ )?(?:mode|administrator|admin|root)\b"
    r"|\b(?:act|behave|respond) as\b|\bpretend (?:to|that|you)\b|\bfrom now on\b|\b(?:ignore|disregard|for"
    r"get)\s+(?:everything|anything|all|the)\b[^.!?\n]{0,20}\b(?:above|before|previous|so far|earlier|told"
    r"|rest)\b"
    r"|(?:```|~~~)\s*(?:system|prompt|instructions?|assistant|ai|policy|override)\b|<!--"
    r"|\b(?:ki|ai)[- ]?(?:assistent|agent|system)\w*|\b(?:asistente|agente|sistema|modelo|assistant|agent)"
    r"\s+(?:de\s+|d['’])(?:ia|intelligence)\b"
)
OUTCOME = (
    r"(?i)\b(?:set|change|mark|raise|lower|make|classify|treat|rate|flag|label|report|record|use|put|assig"
    r"n|choose|return)\b[^.!?\n]{0,50}\b(?:severity|priority|decision|target|classification|critical|resol"
    r"ved|security|leadership|l2)\b"
    r"|\b(?:severity|decision|target(?: team)?)\b[\"']?\s*(?:level\s*)?(?:=|:|is\b|are\b|as\b|to\b|must\b|"
    r"should\b|shall\b|has\b|needs?\b|of\b)"
    r"|\b(?:do not|don.?t|never|must not)\s+(?:escalate|tell|mention|inform|alert|report|cite|verify|check"
    r"|reveal|disclose|quote)\b"
    r"|\b(?:must|should|shall|always|immediately|please|to)\s+(?:be\s+)?(?:escalated?|classified|routed|ha"
    r"ndled in support)\b|\bescalate\s+(?:this|it|the case|the ticket|directly|immediately|to)\b|\bhandle["
    r"_ ]in[_ ]support\b"
    r"|\b(?:post|send|forward|publish|e-?mail|copy|share|upload|route|notify)\b[^.!?\n]{0,60}(?:#[a-z][\w-"
    r"]+|\bcustomer list\b|\ball (?:customers?|accounts|records|data)\b|\bARR\b|\bcredentials\b|\bapi keys"
    r"?\b|\bto (?:security|leadership|the ceo)\b)"
    r"|\b(?:reply|respond|answer|output|write|say|print)\s+(?:only|exactly|nothing|with (?:only|exactly|ju"
    r"st))\b|\b(?:call|invoke)\s+(?:the\s+)?(?:tool|function)\b"
    r"|\b(?:ignore|disregard|override)\s+(?:all|any|every|the|your|everything)\b[^.!?\n]{0,30}\b(?:polic|c"
    r"riteria|evidence|verification|checks?|thresholds?|rules?)"
    r"|\b(?:severidad|gravedad|prioridad|schweregrad|dringlichkeit|gravit[eé])\b|\b(?:escal(?:a|e|ar|ad[oa"
    r"]|en)|eskalier\w*)\b"
)
_HINT = rf"(?i)\b(?:{_MACHINE}|asistente|agente|sistema|modelo|herramienta|(?:ki|ai)[- ]|outil|syst[eè]me|assistant)"
_FENCE = r"(?s)(```|~~~).*?(?:\1|\Z)"
_HIDDEN = r"(?s)<!--.*?(?:-->|\Z)"
_BOUNDARY = r"[.!?;|)\]>][\"'”’)]*\s+|\s[-–—|]\s+"
_LEAD_IN = (
    r"(?i)(?:(?<!\w)(?:please|could|can|may|will|for|you|must|should|now|and|then|also|so|i|we|hereby|ask|"
    r"request|want|instruct|"
    r"authori[sz]e|would|like|need|to|important|urgent|note|attention|the|that|bitte|por favor|hello|hi)\b"
    r"|[\s,:!<#*>\[({`-])+$"
)
_DECORATION = r"(?<![\w~])[*_~](?:[*_]*)(?!~)|(?<!~)[*_~][*_]*(?![\w~])|(?<!`)`(?!`)"
_WORD_START = r"(?<=\s)(?=\S)"
_WRAP = r"(?<!\n)\n(?!\s*\n)"
_LOOKALIKE = str.maketrans("аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅοαερτ", "aeopcyxijsdhqwABEKMHOPCTYXIJSoaept")
_TRAILING = " \t\n-–—|:;,([{<>*#/`"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled on first use: a warm run remembers what it worked out before."""
    return re.compile(pattern)


@lru_cache(maxsize=8192)
def heard(text: str) -> str:
    """The text without what is addressed to an automated reader; such words are evidence, and never acted on.

    From the first sentence of such an order to the end of its line, and on to the lines that carry it further; the
    whole of a hidden comment or of a code block that holds one.
    """
    return str(MEMORY.recall("heard", text, _heard))


def _heard(text: str) -> str:
    return _without(text, _spans(_folded(text)))


@lru_cache(maxsize=8192)
def heard_field(text: str) -> str:
    """A name, a status, a subject or another short value without what is addressed to an automated reader.

    What stands before it is the value, also where no full stop divides the two.
    """
    return str(MEMORY.recall("field", text, _heard_field))


def _heard_field(text: str) -> str:
    folded = _folded(text)
    starts = [start for start, _ in _hits(folded)]
    if _compiled(_HINT).search(folded) or _compiled(OUTCOME).search(folded):
        words = (found.start() for found in _compiled(_WORD_START).finditer(folded, 0, LONGEST_FIELD))
        starts += [at for at in words if any(start == 0 for start, _ in _hits(folded[at : at + LONGEST_FIELD]))][:1]
    return " ".join(text[: _field_end(folded, min(starts))].split()).rstrip(_TRAILING + ".") if starts else text


def orders_a_machine(text: str) -> bool:
    """Whether any of the text is addressed to an automated reader."""
    return bool(MEMORY.recall("orders", text, _orders))


def _orders(text: str) -> bool:
    return next(_hits(_folded(text)), None) is not None


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept: list[str] = []
    done = 0
    for start, end in spans:
        kept.append(text[done:start].rstrip(_TRAILING) + "\n" * text[:start].endswith("\n"))
        done = end
    return text if not done else ("".join(kept) + text[done:]).strip()


def _spans(folded: str) -> Iterator[tuple[int, int]]:
    """The stretches to leave out, in order and apart from each other."""
    hits = sorted(_hits(folded))
    blocks = (
        [found.span() for pattern in (_HIDDEN, _FENCE) for found in _compiled(pattern).finditer(folded)] if hits else []
    )
    last = 0
    for start, end in hits:
        if end <= last:
            continue
        start = max(start, last)  # the order may stand in what is already left out
        opening, closing = _block(blocks, start) or (_sentence_start(folded, start), _end(folded, end))
        opening, last = max(last, opening), (_block(blocks, closing) or (0, closing))[1]
        yield opening, last


def _block(blocks: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
    return next((block for block in blocks if block[0] <= at < block[1]), None)


def _folded(text: str) -> str:
    """The text as its reader takes it, letter by letter: without markup, without letters that only look like others."""
    if not text.isascii():
        text = "".join(flat if len(flat := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)
        if _compiled(_LATIN).search(text):
            text = text.translate(_LOOKALIKE)
    return _compiled(_DECORATION).sub(lambda found: " " * len(found.group()), text)


_LATIN = r"(?i)\b(?=\w*[a-z])\w*[а-яα-ωѕіјԁ]"


def _hits(folded: str) -> Iterator[tuple[int, int]]:
    """Where an order stands, each as its start and its end; an order may be wrapped over lines."""
    flat = _compiled(_WRAP).sub(" ", folded)
    for found in (*_compiled(ORDERS).finditer(folded), *(_compiled(ORDERS).finditer(flat) if flat != folded else ())):
        yield _first_letter(found), found.end()
    for found in _compiled(SUSPECT).finditer(folded):
        low, high = _surroundings(folded, found)
        order = _compiled(OUTCOME).search(flat[low:high])
        if order is not None:
            yield min(_first_letter(found), low + order.start()), max(found.end(), low + order.end())


def _first_letter(found: re.Match[str]) -> int:
    return found.end() - len(found.group().lstrip())


def _surroundings(folded: str, found: re.Match[str]) -> tuple[int, int]:
    """Where the order that makes a suspect one may stand: the paragraph, at most `NEAR` characters either way."""
    start, end = folded.rfind("\n\n", 0, found.start()) + 1, folded.find("\n\n", found.end())
    if end < 0 or found.group().lstrip().startswith(("<!--", "```", "~~~")):
        end = len(folded)
    return max(start, found.start() - NEAR), min(end, found.end() + NEAR)


def _sentence_start(folded: str, hit: int) -> int:
    line = folded.rfind("\n", 0, hit) + 1
    ends = [found.end() for found in _compiled(_BOUNDARY).finditer(folded, line, hit)]
    return ends[-1] if ends else line


def _field_end(folded: str, hit: int) -> int:
    """Where a short value ends before a hit: at the full stop or dash between, else before the hit's lead-in words."""
    ends = [found.end() for found in _compiled(_BOUNDARY).finditer(folded, 0, hit)]
    lead = _compiled(_LEAD_IN).search(folded, max(0, hit - 120), hit)
    return ends[-1] if ends else lead.start() if lead else hit


def _end(folded: str, hit: int) -> int:
    """The end of the line, and of the lines that go on with it: wrapped ones, and such as hold further orders."""
    end = _line_end(folded, hit)
    while end < len(folded):
        following = folded[end + 1 : _line_end(folded, end + 1)]
        line = folded[folded.rfind("\n", 0, end) + 1 : end].rstrip()
        wrapped = len(line) >= 50 and line[-1] not in ".!?:;)\"”'>"
        if not following.strip() or not (wrapped or _compiled(OUTCOME).search(following)):
            return end
        end += 1 + len(following)
    return end


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found
