"""Ordinary English words: at the start of a sentence they are no names.

A word that is not here and not in the cited rows is taken for a name when it has a capital; leaving an ordinary
word out makes a statement refused, never a false one pass.
"""

from __future__ import annotations

from functools import lru_cache

from customer_escalation.verify.vocabulary import listed

_WORDS = listed(
    """
    ability able absence absent accept acceptable access accident accompany accomplish accuse achieve acknowledge
    acquire across act action active activity actual actually add addition additional additionally address adjust
    admin administrator admit adopt advance advantage advice advise affect affected afford afraid afternoon
    afterwards age agenda agree agreement ahead aim air alarm alert alike alive allocate allow alone alongside
    alternative alternatively altogether always amount analyse ancient anger angry announce annoy annual answer
    anticipate apart apologise apologize apology apparent apparently appeal appear application apply appoint
    appointment appreciate approach appropriate approval approve approximately architecture archive area argue
    arise arrange arrive article artificial ask asking asleep aspect assert assess assign assist assistance
    associate assume assure attach attachment attack attempt attend attention attract audience audit
    authentication author authorise authority authorize automatic automatically automation availability available
    average avoid await aware awareness awkward backup bad badly balance bank bar base baseline basic basically
    basis batch bear beat become begin beginning behave behavior behaviour behind believe belong benefit besides
    best better beyond big bill billing bind bit black blame blank block blocked board body book boost boot border
    bottom bound branch brand break bridge brief briefly bright bring broad broken browser budget buffer bug build
    building bulk burden burn burst business busy button buy bypass cache calculate calendar call calm campaign
    cancel cancellation candidate capability capable capacity capture card care careful carefully carry cart
    cascade catalog catch category cause caution cell central centre certain certainly certificate chain challenge
    champion chance change channel chapter character charge chart chase cheap check checkout child choice choose
    churn circle cite claim clarify class clean cleanup clear clearly click client clock clone close closed
    closely cloud cluster code coherent coincide cold collapse colleague collect collection column combination
    combine comfortable command comment commercial commit commitment common commonly communicate communication
    community company comparable compare comparison compatible compensate compensation compete competitor complain
    complaint complete completely complex compliance comply component compromise compute computer concern
    concerned conclude conclusion concrete condition conditional conduct conference confidence confident
    confidential configuration configure confirm confirmation conflict confuse confusion connect connection
    consequence consequently consider considerable consideration consistent consistently console constant
    constantly constraint construct consult consume contact contain container contend content context continue
    continuous contract contradict contradiction contrary contrast contribute control convenient conversation
    conversely convert convince cookie cool coordinate copy core corner corporate correct correction correctly
    correlate correspond corrupt corruption cost costly count counter country couple courage course court cover
    coverage crash create creation credential credit crisis criteria criterion cross crucial cure currency current
    currently curve custom customise cut cycle daily damage danger dangerous dashboard data database date day
    deactivate dead deadline deal debate debit debt debug decide decision declare decline decrease dedicated
    deduct deep default defect defer define definite definitely definition degrade degree delay delete deletion
    deliver delivery demand demonstrate denial deny department depend dependency deploy deployment depth derive
    describe description deserve design desire desk despite destination destroy detail detailed detect determine
    develop developer development device diagnose diagnosis diagnostic dialog differ difference different
    differently difficult difficulty digital dimension direct direction directly director disable disagree
    disappear disappoint disaster disclose disconnect discount discover discovery discuss discussion disk dismiss
    display dispute disrupt disruption distance distinct distribute diverge divide division document documentation
    domain dominate double doubt downgrade downgraded download downstream downtime draft drain drawback drift
    drive drop due dump duplicate duration duty dynamic eager early earn ease easily east easy economic edge edit
    edition effect effective effectively efficient effort eight elapsed elevate eleven eligible eliminate email
    embed emerge emergency emphasise employee empty enable encounter encourage encrypt end endpoint engage
    engagement engineer enhance enjoy enlarge enormous enough ensure enter enterprise entire entirely entitle
    entity entry environment equal equally equipment equivalent error escape especially essential essentially
    establish estimate evaluate even evening event eventual eventually everything everywhere evidence evident
    exact exactly examine example exceed excellent except exception excess excessive exchange exclude exclusive
    excuse execute executive exempt exercise exhaust exist existing exit expand expect expectation expected
    expense expensive experience experiment expert expertise expiration expire expiry explain explanation explicit
    explicitly explore export expose exposure express extend extension extensive extent external extra extract
    extreme extremely face facilitate facility fact factor fail failing failover failure fair fairly faith fall
    false familiar family far fast faster fault favor favour fear feasible feature fee feed feedback feel fetch
    field fifth fight figure file fill filter final finally finance financial find finding fine finish firewall
    firm first firstly fit five fix fixed fixing flag flat flaw flexible flood floor flow focus folder follow
    follow-up following force foreign forget form formal format former formula forth forward found foundation four
    fourth frame framework free freeze frequency frequent frequently fresh friday friendly front fulfil full fully
    function fund fundamental furthermore future gain gap gateway gather general generally generate generic
    genuine gift give given glad global goal good govern grace grade gradual gradually grand grant graph grateful
    great greatly greet ground group grow growth guarantee guard guess guest guidance guide guideline habit half
    halfway halt hand handle handling handover hang happen happy hard hardly hardware harm hate hazard head header
    health healthy hear heart heat heavily heavy height helpful hence hesitate hidden hide hierarchy highlight
    highly hint hire historic historical history hit hold holiday home honest hope host hosting hot hourly house
    huge human hundred hurry hurt idea ideal ideally identical identify identity idle ignore ill illegal image
    imagine immediate immediately imminent impact impair implement implementation imply import importance
    important importantly impose impossible impression improve improvement inability inaccurate inadequate inbound
    incentive incident include including inclusive income incoming incomplete inconsistent inconvenience
    incorporate incorrect incorrectly increase increased increasing increasingly incur independent independently
    index indicate indication indicator indirect individual industry infer influence inform informal information
    infrastructure inherent initial initially initiate initiative inject injury inner innocent input inquiry
    insert inside insight insist inspect inspection install installation instance instant instantly instruct
    instruction instrument insufficient insurance intact integrate integration integrity intend intense intent
    intention interact interest interface interfere interim intermediate intermittent intermittently internal
    internally international internet interpret interrupt interval intervene intervention interview introduce
    introduction invalid invent inventory invest investigate investigation investment invisible invitation invite
    invoice involve irregular isolate issue item iterate job join joint journey judge judgement judgment jump june
    junior just justify keep key kick kill kind know knowledge known label labour lack land language large largely
    last lasting late lately latency later latest latter launch law lawyer layer lead leader leading leak learn
    least leave legacy legal legally legitimate length less lesson let letter level liability liable library
    licence license lie life lift light likelihood likely likewise limit limitation limited line link list listen
    literal literally little live load loading loan local locate location lock locked log logic logical login
    logout long longer look loop loose lose loss lost lot love low lower loyal luck luckily machine magnitude mail
    main mainly maintain maintenance major majority manage management manager mandatory manner manual manually
    manufacturer many map margin mark market marketing mass massive master match matching material matter mature
    maximum mean meaning means meanwhile measure measurement mechanism media meet meeting member memory mention
    merchant mere merely merge message metadata method metric middle midnight migrate migration mild milestone
    mind minimal minimise minimize minimum minor minority misleading mismatch miss missed missing mission mistake
    mistaken mitigate mitigation mixed mobile mode model moderate modern modest modification modify module moment
    money monitor monitoring month monthly mood moral moreover morning mostly motivate mount move movement
    multiple mutual naive name named narrow nation national native natural naturally nature nearby nearly
    necessarily necessary need negative neglect negotiate negotiation nervous network neutral nevertheless new
    newly news next nice night nightly nine nobody node noise nominal nonetheless noon normal normally north
    notable notably note nothing notice notification notify notwithstanding novel nowhere number numerous object
    objection objective obligation observation observe obstacle obtain obvious obviously occasion occasional
    occasionally occupy occur occurrence odd offer office officer official officially offline offset older ongoing
    online onset open opened opening openly operate operation operational operator opinion opponent opportunity
    oppose opposite optimal option optional oral order ordinary organisation organise organization organize orient
    origin original originally outage outbound outcome outdated outlet outline output outside outstanding overall
    overcome overdue overhead overlap overload overlook override overrun overview overwhelm overwrite owe owner
    ownership pace pack package packet page paid pain painful pair panel panic paper parallel parameter pardon
    parent park parse part partial partially participate particular particularly partly partner party pass
    password past patch path patience patient pattern pause pay payload payment payout peak peer penalty pending
    people percent percentage perfect perform performance period periodic permanent permission permit persist
    persistent person personal personally perspective persuade phase phone photo phrase physical pick picture
    piece pilot pipeline pitch place plain plan planned planning plant platform play pleasant please pledge plenty
    plugin plus point policy poll pool poor popular population port portal portion pose position positive possess
    possibility possible possibly post postpone potential potentially power practical practically practice precede
    precise precisely predict prefer preference preliminary premature premium preparation prepare presence present
    preserve press pressure presumably pretty prevent prevention previous previously price pricing primarily
    primary principal principle print prior priority private privilege probability probable probably probe problem
    procedure proceed process processing procure procurement produce producer product production professional
    profile profit program programme progress prohibit project prolonged prominent promise promised promote prompt
    promptly proof proper properly property proportion proposal propose prospect protect protection protocol prove
    provide provided provider provision provisional proxy public publicly publish pull purchase pure purely purge
    purpose pursue push qualify quality quantify quantity quarter query question queue quick quickly quiet quietly
    quit quite quota quote race radical raise raised raising random range rank rapid rapidly rare rarely rate
    rather rating ratio raw reach react reaction read reader readiness reading ready real realise realistic
    reality realize reason reasonable reasonably reassign reassure rebate reboot rebuild recall receipt receive
    received recent recently recheck recipient reckon recognise recognize recommend recommendation reconcile
    reconnect record recover recovery recreate recur recurrence recurring redact redirect reduce reduced reduction
    redundant refer reference reflect refresh refund refusal refuse regard regarding regardless region regional
    register registration regression regret regular regularly regulate regulation regulator regulatory reinstall
    reissue reject rejection relate related relation relationship relative relatively relax release relevant
    reliable relief relieve relocate reluctant rely remain remaining remains remark remedy remember remind
    reminder remote remotely removal remove rename render renew renewal rent reopen reorder repair repeat repeated
    repeatedly replace replacement replica replicate reply report reportedly repository represent representative
    reproduce reproduced reproduction reputation request requested require required requirement rescue research
    reseller reserve reset reside resist resolution resolve resolved resort resource respect respective
    respectively respond response responsibility responsible rest restart restore restrict restriction result
    resulting resume retail retain retention retire retrieve retry return reuse reveal revenue reverse revert
    review revise revision revoke reward rewrite right risk risky rival road roadmap robust role roll rollback
    rolling rollout root rotate rough roughly round route routine row rule run running runtime rush sad safe
    safely safety sale sales sample sanction satisfaction satisfied satisfy save saving say scale scan scarce
    scenario schedule scheduled scheme scope score scrap screen screenshot script seal search season seat second
    secondary secondly secret section sector secure securely security seek seem seemingly segment select selection
    self sell send sender sending senior sense sensible sensitive sentence separate separately sequence serial
    series serious seriously serve server service session set setting settle settlement setup seven seventh
    several severe severely severity shadow shape share shared sharp sheet shift ship shipment shop short shortage
    shortly shot shout show showing shut shutdown sick side sight sign signal signature signed significant
    significantly signup silence silent similar similarly simple simply simultaneous simultaneously single site
    situation six sixth size skill skip slight slightly slip slot slow slowdown slowly small smart smooth snapshot
    social software sold sole solely solid solution solve soon sort sound source south space spam span spare speak
    speaker special specialist specific specifically specification specify speed spend spike spirit split sponsor
    spot spread spring stability stable stack staff stage staging stakeholder stale stall stand standard standby
    start started starting startup state stated statement static statistic status statutory stay steady steal
    steep step stick still stock stop stopped storage store stored story straight strain strange strategic
    strategy stream street strength stress stretch strict strictly strike string strip strong strongly structure
    struggle stuck study style subject submission submit subscribe subscriber subscription subsequent subsequently
    subset substance substantial substantially substitute succeed success successful successfully sudden suddenly
    suffer sufficient sufficiently suggest suggested suggestion suit suitable sum summary summer supplier supply
    suppose supposed supposedly suppress sure surely surface surge surname surprise surprising surprisingly
    surround survey survive suspect suspend suspension suspicion suspicious sustain swap swift switch symptom sync
    synchronise synchronize syntax system systematic table tackle tag take taken talk target targeted task tax
    team technical technically technician technique technology telephone temperature template temporarily
    temporary ten tenant tend tension term terminal terminate terms terrible test tested testing text thank theft
    theme theory thin think third thorough thoroughly thought thousand thread threat threaten threatened three
    threshold throughout throughput throw tick tie tier tight tightly timeline timely timeout timer timestamp tiny
    tip tired title today token tolerance tolerate tomorrow tone tonight tool top topic total totally touch tough
    tour trace tracing track tracker trade tradition traffic trail train training transaction transfer transform
    transient transit transition translate transmission transmit transparent transport trap travel treat treatment
    tree trend trial trick trigger triggered trip trivial trouble troubleshoot troubleshooting true truly truncate
    trust truth try tune turn twelve twenty twice two type typical typically ultimate ultimately unable
    unacceptable unaffected unanswered unassigned unauthorised unauthorized unavailable unaware unblock unblocked
    uncertain unchanged unclear uncommon unconfirmed underlying understand understanding undo undocumented
    unexpected unexpectedly unfixed unfortunate unfortunately unhappy unhealthy uninstall unintended unique unit
    unite universal unknown unlike unlikely unlock unmerged unnecessary unofficial unpaid unpaired unplanned
    unplug unread unrelated unreliable unresolved unresponsive unsafe unsent unstable unsuccessful unsupported
    unsure untested untouched untried unusable unusual unusually unverified upcoming update updated updating
    upgrade upgraded upgrading upload upper uppermost upset upstream uptime urge urgency urgent urgently usable
    usage use useful user usual usually utility vacation vague valid validate validation validity valuable value
    variable variant variation variety various vary vast vendor verbal verification verified verify version
    vertical via viable victim view viewer violate violation virtual virtually visible visit visitor vital voice
    void volume voluntary volunteer vote vulnerability vulnerable wait waited waiting waive wake walk wall want
    warehouse warm warn warned warning warranty waste watch wave weak weakness web webhook webinar website weekday
    weekend weekly weigh weight welcome west wide widely widespread will willing win window winter wire wireless
    wise wish withdraw withhold withstand witness wonder word work workaround worked worker workflow working
    workload works workspace world worldwide worried worry worse worsen worst worth worthwhile wrap write writer
    writing written wrong wrongly yearly yellow yesterday yield young zero zone
    """
)
_ENDINGS = (
    ("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ier", "y"), ("iest", "y"), ("ed", ""), ("ed", "e"), ("d", ""),
    ("ied", "y"), ("ing", ""), ("ing", "e"), ("ly", ""), ("ily", "y"), ("ment", ""), ("ness", ""), ("er", ""),
    ("er", "e"), ("est", ""), ("able", ""), ("ation", "e"), ("ion", "e"), ("ion", ""),
)  # fmt: skip


@lru_cache(maxsize=4096)
def is_everyday(word: str) -> bool:
    """Whether a lower-case word is an ordinary one, in any of its common forms."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            base = word[: len(word) - len(ending)] + instead
            if base in _WORDS or (len(base) > 3 and base[-1] == base[-2] and base[:-1] in _WORDS):
                return True
    return False
