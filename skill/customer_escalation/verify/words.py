"""English as far as the checks need it: stems, words that carry no meaning of their own, and words that mean the same.

Small on purpose: a writer who keeps the record's own words needs none of it; it lets ordinary synonyms pass.
"""

from __future__ import annotations

import re
from functools import lru_cache

from customer_escalation.verify.vocabulary import listed

STOP = listed(
    """
    a about above after again against ago all almost already also although am an and another any anybody anyone
    anything are around as at away be because been before being below between both but by came can come could did
    do does doing done down during each either else even ever every everybody everyone everything few first for
    from further get gets getting go goes going got had has have having he hello her here hers herself hi him
    himself his how however i if in instead into is it its itself just kind last least less like made make makes
    making many may me might mine more most much must my myself near need needs neither never next no nobody none
    nor not nothing now of off often on once one ones only onto or other others otherwise our ours ourselves out
    over own past per perhaps please put rather really same shall she should since so some somebody someone
    something sometimes somewhere soon still such than that the their them themselves then there theirs therefore
    these they thing things this those though through thus till to today together tomorrow too toward towards
    under until up upon us use used uses using usually very via was way we well went were what whatever when
    whenever where whether which while who whole whom whose why will with within without would yesterday yet you
    your yours yourself ll ve re
    """
)
# Words of the template and of reporting: they say how a brief talks, not what happened.
FRAME = listed(
    """
    account accounts agent agents according attribute brief case cases client clients customer customers engineer
    engineering engineers escalate escalated escalation evidence issue issues log mention mentioned mentions
    problem problems product reader record recorded records remark report reported reporter reporters reporting
    reports request requester said say says show shown shows source sources staff state stated states statement
    support team teams tell tells text ticket tickets told user users wrote writes write described describes
    describe note noted notes currently situation concern concerns regarding hours hour day days week weeks minute
    minutes month months time times date utc number read thread message advise advised messages article articles
    follow suggest suggested suggests settled earlier promised ago finished shortly waited answer swap swapped
    swaps public due documented mitigation moved last status named chat line lines threads deadline lead leads
    question questions promise contradict contradicts contradicted contradiction supersede supersedes superseded
    ask asks asked confirm confirms explain explains later morning afternoon today yesterday tomorrow early late
    cause provider option table alternative matter fact practically itself himself herself same publicly internal
    internally name position point points
    """
)

_IRREGULAR = {
    word: group.split()[0]
    for group in (
        "send sent", "tell told", "say said", "write wrote written", "pay paid", "lose lost loss",
        "break broke broken", "keep kept", "make made", "give gave given", "go went gone", "find found", "hold held",
        "come came",
        "begin began begun", "leave left", "meet met", "sell sold", "build built", "know knew known", "see saw seen",
        "take took taken", "think thought", "bring brought", "rise rose risen", "fall fell fallen",
        "grow grew grown growth", "run ran", "choose chose chosen", "buy bought", "speak spoke spoken", "feel felt",
        "mean meant", "understand understood", "become became", "drive drove driven", "drop dropped", "stop stopped",
        "ship shipped", "hang hung", "lead led", "stand stood", "hear heard", "sit sat", "rewrite rewrote rewritten",
        "withdraw withdrew withdrawn", "forget forgot forgotten", "shut shut", "freeze froze frozen",
        "cancel cancelled canceled cancellation", "datum data", "analysis analyse analyze analysed analyzed",
        "reply replied replies", "try tried tries trying", "deny denied denies", "apply applied applies",
        "retry retried retries", "modify modified", "query queried queries", "die died", "tie tied",
        "use used using usage", "stick stuck", "get got", "catch caught", "teach taught",
        "deploy deployed deployment", "stay stayed", "delay delayed", "key keyed",
        "succeed succeeded success successful successfully", "fail failed failing failure failures",
        "restore restored restores restoring", "prove proven proof", "choice chosen", "reproduce repro",
    )
    for word in group.split()[1:]
}  # fmt: skip
_FORMS = frozenset(_IRREGULAR) | frozenset(_IRREGULAR.values())
# Endings by their last letter, in the order in which they are tried; of an inflection, what takes its place.
_INFLECTIONS = {
    "s": (("ings", ""), ("ies", "y"), ("es", "e"), ("s", "")), "g": (("ing", ""),), "d": (("ied", "y"), ("ed", "")),
}  # fmt: skip
_DERIVATIONS = {
    "s": ("izations", "ness"), "n": ("ization", "ation", "ion"), "t": ("ment",), "y": ("ally", "ly", "y"),
    "r": ("er", "or"), "l": ("al",), "e": ("e",),
}  # fmt: skip


def is_verb_form(word: str) -> bool:
    """Whether a lower-case word is a form of an irregular verb: "left", "told"."""
    return word in _FORMS


def is_irregular(word: str) -> bool:
    """Whether a lower-case word is an inflected form of an irregular verb: "sent", "bought"."""
    return word in _IRREGULAR


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A lower-case word without its commonest endings, so that "approve", "approval" and "approved" meet."""
    word = word.replace("’", "'").removesuffix("'s").removesuffix("'")
    word = _IRREGULAR.get(word, word)
    for ending, instead in _INFLECTIONS.get(word[-1:], ()):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    word = _IRREGULAR.get(word, word)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    for ending in _DERIVATIONS.get(word[-1:], ()):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "iey" else word


_SYNONYMS = (
    "fix repair resolve solve correct patch remedy cure",
    "fail error fault break crash bug defect problem unsuccessful",
    "reply answer respond response",
    "ask question inquire enquire query request want demand require expect need urge",
    "wait pending queue outstanding await due",
    "update status news inform notify notification progress",
    "rollout deploy release ship hotfix launch install publish rolled",
    "approve approval review merge sign-off",
    "grow increase climb more higher worse worsen up rise",
    "decrease reduce decline lower fewer less drop fall shrink down",
    "missing lost absent lose lack gone disappear vanish incomplete",
    "login log-in sign-in signin logged log authenticate authentication access",
    "charge bill payment invoice pay paid price",
    "refund credit reimburse repay",
    "slow latency delay hang timeout late",
    "unavailable outage offline down unreachable",
    "cancel terminate leave churn quit switch end stop drop",
    "contract renewal renew agreement",
    "start begin since first began onset",
    "finish complete conclude end",
    "close solved closed shut",
    "send mail e-mail email write deliver forward submit",
    "promise commit announce pledge assure agree will",
    "same identical alike equal again",
    "duplicate twice double",
    "delete remove erase wipe purge clear",
    "see find notice observe hit get receive experience encounter face",
    "call phone telephone ring",
    "meeting call appointment talk",
    "try attempt test tried trial experiment",
    "workaround mitigation alternative failover bypass",
    "document article guide documentation manual page",
    "cause reason source root trigger due because culprit",
    "affect impact hit touch concern hurt",
    "block stop prevent stuck halt hinder",
    "reproduce replicate confirm repeat",
    "create open file raise add place make new",
    "change modify alter edit adjust",
    "check verify validate examine inspect look investigate trace analyse diagnose",
    "raise increase bump",
    "revert rollback undo",
    "setting configuration config option preference parameter configure",
    "company firm business organisation organization",
    "user seat person people member",
    "key token credential secret",
    "manual manually hand",
    "quick fast rapid soon urgent immediate asap",
    "intermittent sporadic occasional sometimes random",
    "server host machine instance node cluster",
    "row line record entry",
    "picture image screenshot",
    "webpage site website",
    "deadline due date limit",
    "incident outage",
    "version build release",
    "warn alert heads-up",
    "leadership executive vp management board ceo cto",
    "disclose leak expose reveal show",
    "other another different else wrong",
    "guidance help advice suggest recommend advise propose",
    "risk danger threat threaten jeopardy",
    "reference speaker webinar",
    "money revenue arr income",
    "colleague coworker staff",
    "parked held hold keep",
    "store save stored persist",
    "describe detail explain mention document note",
    "unclear unknown unsure",
    "region zone",
    "client-side browser",
    "sure certain confirm",
    "stop cease end",
    "escalate involve",
    "return give respond show",
    "blame fault",
    "away absent out offsite unavailable",
    "idea notion suspect hypothesis theory think believe suspicion",
    "small little few",
    "large big major",
    "redeploy restart reboot",
    "upgrade update migrate",
    "order purchase",
    "shop store",
    "feature function functionality capability",
    "compliance audit regulatory",
    "owner assignee responsible",
    "arrive come reach",
    "withdraw retract remove",
)


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_SYNONYMS):
        for word in group.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def concepts(word: str) -> frozenset[int]:
    """The groups of like meaning that a stem belongs to; none for most words."""
    return _groups().get(word, _NONE)


# Words that say the same of the same thing; the groups above only speak of the same matter.
_ALIKE = (
    "fix repair resolve solve patch remedy solved",
    "fail error break broken crash unsuccessful",
    "reply answer respond response",
    "deploy release ship rollout launch publish live out hotfix",
    "missing absent lack incomplete",
    "disappear vanish gone",
    "delete remove erase wipe purge",
    "login log log-in sign sign-in signin authenticate",
    "slow slowness latency crawl",
    "down unavailable outage offline unreachable",
    "leave churn quit",
    "cancel terminate",
    "duplicate twice double",
    "close closed solved",
    "refund reimburse repay",
    "increase grow rise climb",
    "decrease fall drop shrink decline",
    "affect impact hit",
    "refuse reject decline",
    "approve approval sign-off",
    "restore recover",
    "wait pending await",
    "ready done finish complete",
    "invoice bill",
    "user person people member seat",
    "company firm business",
    "row line record entry",
    "feature function",
    "renew renewal",
    "work works function",
    "reproduce replicate",
    "promise pledge commit",
    "succeed help",
    "same identical equal",
    "different other",
)


@lru_cache(maxsize=1)
def _alike() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_ALIKE):
        for word in group.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def alike(one: str, other: str) -> bool:
    """Whether two stems are the same or say the same of a thing."""
    one, other = (word.removeprefix("un") if len(word) > 6 else word for word in (one, other))
    one, other = one.removesuffix("abl"), other.removesuffix("abl")
    return one == other or not _alike().get(one, _NONE).isdisjoint(_alike().get(other, _NONE))


@lru_cache(maxsize=1)
def frame_stems() -> frozenset[str]:
    """The stems of the words by which a brief talks."""
    return frozenset(map(stem, FRAME))


_NONE = frozenset[int]()


_PIECES = re.compile(r"[^a-zà-öø-ÿßœā-ž']+")


def parts(word: str) -> list[str]:
    """The letters-only pieces of a text, lower case: "order_write_failed" is order, write, failed."""
    return [piece for piece in _PIECES.split(word.lower().replace("’", "'")) if piece]


def content(word: str) -> str:
    """The stem of a lower-case word, or empty where it carries no meaning of its own."""
    if word in STOP or len(word) < 2:
        return ""
    return stem(word)
