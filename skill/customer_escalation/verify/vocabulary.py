"""The word lists of the checks: what denies, what doubts, what asks, and which words are each other's opposite."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


NEGATORS = listed(
    """
    not no never none nobody nothing nowhere neither nor without cannot unable instead zero hardly
    """
)
# What tells of something bad, missing or unfinished: a statement that denies may rest on such words.
SOFT = listed(
    """
    fail error missing lost lose lack stop broken still only wait pending open unresolved empty wrong late overdue
    missed away offsite absent unavailable refuse deny exclude rather except instead block stuck hold until
    unanswered hang ignore last without alone clean zero normal false mistake aborted failed
    """
)
# ... and those of them that do so by themselves, whatever else the passage says.
BAD = listed(
    """
    fail missing lost lose broken unresolved wrong late overdue missed absent unavailable refuse deny unanswered without
    mistake aborted empty offsite away only
    """
)
STRONG_HEDGES = listed(
    """
    possibly probably perhaps maybe suspect suspected suspects suspicion hypothesis theory think thinks thought
    believe believes assume assumption guess apparently presumably allegedly reportedly supposedly unsure doubt
    wonder speculate
    """
)
HEDGES = STRONG_HEDGES | listed(
    """
    may might could possible possibility probable likely unlikely suspicious seem seems appear appears appearance
    potential potentially suggest suggests unclear unconfirmed unproven supposed hope hopefully expect expected
    estimate claim claims claimed should would hint candidate indicate plausible unverified tentative tentatively
    contradict contradicts contradicted whether
    """
)
# Those of them that make a source doubtful; the others have too many plain uses ("the order appears in the list").
DOUBTS = HEDGES - listed(
    """
    appear appears appearance estimate expect expected claim claims claimed suggest suggests indicate contradict
    contradicts contradicted candidate whether hope
    """
)
QUESTION_OPENERS = listed(
    """
    can could would will do does did is are was were has have had should may who what when where why how which
    whom
    """
)
REQUESTS = listed("please ask asks asked request requests requested propose")
# Words by which a statement shows that it only tells of a question ...
QUESTIONED = listed(
    """
    ask asks asked asking question questions request requests requested requesting wonder wonders query queried
    whether want wants wanted wish wishes need needs demand demands seek seeks propose proposes proposed suggest
    suggests suggested must
    """
)
# ... or of a request, ...
ASKED = QUESTIONED | listed(
    """
    please recommend recommended recommends advise advised tell told instruct invite urge remind reminded needed
    needs require requires should has have
    """
)
# ... or of a plan or promise.
INTENDED = listed(
    """
    next will shall plan plans planned promise promised promises intend intends due schedule scheduled announce
    announced agree agreed commit committed offer offered expect expected upcoming pledge aim aims going target
    targeted until deadline would may might should could follow
    """
)
UNIVERSAL = listed("all every everybody everyone everything always entire entirely completely whole")
UNIVERSAL_SOURCES = UNIVERSAL | listed(
    "any anybody anyone anything each none nobody nothing never no whatever both total totally full fully only complete"
)
OPPOSITES = (
    """increase increases increased increasing rise rises rose risen grow grows grew grown growing climb higher faster
    worse
    / decrease decreases decreased decreasing fall falls fell fallen drop drops dropped shrink shrinks decline declined
    reduce reduces reduced lower lowers lowered fewer slower""",
    """fail failed fails failing failure failures unsuccessful
    / succeed succeeds succeeded success successful""",
    "open opened reopened / closed solved",
    "enable enabled active activated / disable disabled inactive deactivated",
    """approve approved approves approval accept accepts accepted accepting
    / reject rejected rejects rejecting refuse refused refusing declined decline declines""",
    "allow allowed allows permit permitted / deny denied denies forbid forbidden",
    "include includes included including / exclude excludes excluded excluding",
    "online / offline",
    "public publicly / internal internally private",
    "above / below",
    "early earlier earliest / late later latest",
    "connected connect / disconnected disconnect",
    "valid / invalid",
    "correct correctly / incorrect incorrectly wrong wrongly",
    "complete completed completes finished / incomplete partial partially aborted abandoned",
    "best / worst",
    "won / lost",
    "primary / secondary",
    "inbound / outbound",
    "major / minor",
    "high highest / low lowest",
    "same identical / different",
    "visible / hidden",
    "present / missing absent lack lacks lacking",
    "true / false",
    "paid charged / unpaid free",
    "green / red",
    "always / sometimes never intermittently occasionally",
    "normal / abnormal",
    "small / large big",
    "normally / abnormally",
    "minimum / maximum",
    "everybody everyone somebody someone / nobody",
    "everything / nothing",
    "more / less",
    "expected / actual",
    "customer's / vendor's",
)
CAUSAL = listed("causes caused due because leads led results trigger triggers triggered")
CAUSAL_SOURCES = CAUSAL | listed(
    "cause reason root result explain explains mistake regression so fix fixed since by why costs"
)
# What a number may count without a formula, where just so many records or customers are cited.
COUNTED = listed(
    """
    all the these those ticket tickets customer customers account accounts report reports reporter reporters tenant
    tenants target targets issue issues case cases record records source sources companies
    """
)
