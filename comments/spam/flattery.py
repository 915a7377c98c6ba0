"""Praise that has read nothing: it names the blog, the post and "this topic", never what they say.

Most such spam has no link in it: the link hangs on the name. What gives it away is that it could
stand under any page, and that it speaks of the page where a reader speaks of what stands on it.
"""

import re

from comments.spam import abroad

LONGEST = 800

# What spam calls the thing that it stands under.
PAGES = frozenset(
    "article articles blog blog's blogger bloggers blogging blogs breakdown content content's "
    "contents design entries entry guide guides info information insight insights knowledge "
    "layout material page pages paragraph post posting postings posts publish resource resources "
    "share sharing site site's sites submit template theme tips topics tutorial update updates "
    "upload uploads web-site weblog weblogs webpage webpages website websites write-up writeup "
    "writeups".split()
)
ADMIRING = frozenset(
    "amazed amazing appreciate appreciated appreciating attractive awesome beautiful beautifully "
    "beneficial best better brilliant brilliantly clean clear cool coolest delighted detailed "
    "enjoy enjoyable enjoyed enjoying excellent exceptional fab fabulous fantastic fastidious "
    "favorite finest gem genius glad gold good grateful great greatest happy helpful helps "
    "impressed impressive incredible informational informative insightful inspired inspiring "
    "interesting knowledgeable kudos like liked love loved lovely magnificent marvellous "
    "marvelous nice nicely outstanding perfect pleasant pleased pleasure precise pretty quality "
    "recommend recommended refreshing relevant remarkable respect rich rocks satisfied simple "
    "solid spectacular splendid stunning super superb terrific thank thankful thanks thanx "
    "thorough thoughtful top useful valuable well wonderful worth wow".split()
)
MARKS = {
    "unnamed topic": (
        r"\b(?:this|the|these|your|such|same|any|important|interesting|great|complex|"
        r"my|certain|particular)\s(?:\w+\s)?(?:topics?|subjects?|subject matter|matters?|"
        r"niche|field|issues|points mentioned|ideas)\b(?! (?:of|that|to|in which))"
    ),
    "return promised": (
        r"\bbook ?-?mark|\b(?:come|coming|came|be|check\w*|stop\w*|visit\w*|return\w*|tune\w*) "
        r"(?:\w+ )?(?:back|again|in often)\b(?! to (?:the|my))|\bsaved?\b.{0,20}\b(?:later|"
        r"favou?rites?)|\bvisit (?:again|often|daily|regularly)|\bkeep (?:checking|visiting|"
        r"coming)|\bsubscrib\w+|\bnew (?:fan|reader|follower)\b|\b(?:looking|look) forward\b|"
        r"\b(?:waiting|wait) (?:for )?(?:\w+ )?(?:your|the|more)\b|\b(?:regular|daily) "
        r"(?:reader|visitor)|\bhooked\b|\brss\b|\bstayed for\b"
    ),
    "told others": (
        r"\b(?:shar(?:e|ed|ing)|forward|send|tweeted|recommend\w*|tell(?:ing)?|suggest\w*|"
        r"refer)\b.{0,25}\b(?:friends?|colleagues?|network|followers|everyone|people|social\w*|"
        r"facebook|fb|others|folks|audience|family|team|timeline)\b|\b(?:my|a) (?:friend|"
        r"cousin|boss|brother|colleague|coworker|co-worker|buddy|mate|roommate|sister|"
        r"neighbou?r) (?:\w+ )?(?:sent|recommended|suggested|told|shared|mentioned|loves|"
        r"would love)|\brecommended (?:to )?(?:me|this)\b|\bwas (?:recommended|suggested)\b"
    ),
    "urged to go on": (
        r"\bkeep (?:it|them|'em|on|up|writing|posting|sharing|inspiring|blogging|going|"
        r"uploading|updating|doing|rocking|bringing|the|this|such|us|producing|publishing)\b|"
        r"\b(?:continue|continued|go on|carry on) (?:\w+ )?(?:writing|posting|sharing|blogging|"
        r"with|the|success|to)\b|\bmore (?:\w+ )?(?:posts|articles|updates|content|blogs|"
        r"success|power)\b|\bnext (?:\w+ )?(?:post|blog|article|update|write)|\bupcoming\b|"
        r"\bfuture (?:posts?|articles?|projects?)|\bbest of luck\b|\ball the best\b|"
        r"\bgod bless|\bpost (?:more|different|some more)\b"
    ),
    "thanks for information": (
        r"\b(?:thanks?|thanx|thankful|grateful|appreciate|thx|ty|gratitude|kudos)\b.{0,40}"
        r"\b(?:info\w*|sharing|shared?|posting|providing|content|blog|post|tips|contribut\w+|"
        r"article|effort\w*|insights?|advice|knowledge|wisdom|guide|dedication|updates?|"
        r"material|explanation)\b(?! (?:on|about|of|under|that|to)\b)"
    ),
    "found by searching": (
        r"\b(?:search(?:ed|ing)?|look(?:ed|ing)|hunt(?:ed|ing)|brows(?:ed|ing)|surf(?:ed|ing)|"
        r"googl(?:ed|ing)|scroll(?:ed|ing))\b.{0,40}\b(?:info\w*|data|web|net|internet|online|"
        r"everywhere|hours|google|bing|yahoo|article|post|something|this|content|it)\b|"
        r"\b(?:stumbled|came across|landed|happened|chanced|found|discovered|ran across|"
        r"came)\b.{0,25}\b(?:your|this|here|from|through|via|on) ?(?:web ?)?(?:site|blog|page|"
        r"post|article|weblog|content|google|bing|yahoo|search)"
    ),
    "asks how the site is made": (
        r"\b(?:which|what|whose|wich)\b.{0,25}\b(?:theme|template|platform|plugin|plug-in|"
        r"host|hosting|cms|software|blog system|provider|web ?host)\b|\b(?:theme|template|"
        r"layout|plugin|captcha|web ?host)\b.{0,40}\b(?:custom|yourself|made|create|name|use|"
        r"using|from|designer)\b|\bhire[d]? (?:a |out )?(?:designer|developer|someone)|"
        r"\b(?:start|starting|own|create) (?:\w+ ){0,3}(?:blog|website|site)\b|\bhow (?:do|did) "
        r"you (?:get|make|manage|find)\b.{0,30}\b(?:traffic|visitors|time|ideas|readers|"
        r"followers)|\b(?:guest|sponsored) (?:post|author|writ\w+|blog\w*)|"
        r"\bcontact (?:page|form)|\be-?mail (?:subscription|link)|\bnewsletter\b|"
        r"\b(?:hiring|need) (?:\w+ )?(?:writers?|bloggers?|authors?)|\blink (?:exchange|"
        r"back)|\bexchange links"
    ),
    "site at fault": (
        r"\b(?:site|website|web ?page|blog|page|pictures|images|links?|text|content|fonts?)\b"
        r".{0,60}\b(?:load(?:s|ing)|compatib\w+|running off|overlap\w*|explorer|safari|opera|"
        r"firefox|chrome|broken|render\w*|browser)\b|\b(?:browser|explorer|safari|opera)\b"
        r".{0,60}\b(?:site|website|blog|page|pictures|images)\b"
    ),
    "speaks to a blogger": (
        r"\b(?:bloggers?|webmaster|admin|gan|bhai)\b|\b(?:hi|hey|hello|thanks?|post|blog|"
        r"article|info|job|nice|great|good|stuff|it up|excellent)\W+(?:dear|sir|bro|man|guys|"
        r"friends?|brother|dude|mate|buddy)\b|\byou(?: are|'re) (?:a |an |such |so |really |very |"
        r"truly |doing |the )+(?:\w+ )?(?:blogger|writer|expert|author|job|work|talented|best|"
        r"professional|pro|genius|gifted|amazing|incredible|great)\b|\byou(?:'ve| have)? "
        r"(?:really |definitely |certainly |clearly |obviously |actually )*(?:know|done|"
        r"explain\w*|put|spen[dt]|make|did|managed|hit|have a|got)\b|\byour (?:\w+ )?(?:style|"
        r"passion|effort|efforts|hard work|dedication|words|skills?|expertise|talent|way of|"
        r"audience|readers|writing|writings|works?|visitors|success)\b"
    ),
    "first time here": (
        r"\b(?:first|1st) (?:time|visit|comment)\b|\bnew (?:here|to (?:this|your|the) (?:site|"
        r"blog|forum|board))|\b(?:usually|normally|rarely|never|hardly ever|often) (?:\w+ )?"
        r"(?:comment|leave (?:a )?(?:comment|repl|respon))|\bintroduce myself|\bhello "
        r"everyone|\blong time (?:reader|lurker)|\bdropp?(?:ed|ing)? (?:by|in)\b|"
        r"\b(?:visited|seen|been to) (?:this|your|my) (?:web ?)?(?:site|blog|page)|"
        r"\breturn the favou?r"
    ),
    "of use to all": (
        r"\b(?:helpful|useful|help\w*|great|benefit\w*|value|must[- ]read|guide|interested|"
        r"needed?)\b.{0,30}\b(?:people|beginners?|everyone|everybody|readers|others|"
        r"students|anyone|us|freshers|pros|homeowners|newbies|visitors|community)\b|"
        r"\b(?:my|our) (?:\w+ )?(?:presentation|project|research|college|assignment|study|"
        r"readers|office|clients|customers|business|site|website|blog|team)\b|\beasy to "
        r"(?:understand|follow|read)|\bstep by step|\bto the point|\bwell[- ](?:written|"
        r"researched|explained|said|structured|thought|done|organi[sz]ed|balanced)|"
        r"\b(?:eye|eyes) opening|\bthumbs up|\bstars\b|\bhands down|\bhit the nail"
    ),
    "article praised abroad": abroad.ARTICLE_PRAISED,
    "page praised abroad": abroad.PAGE_PRAISED,
}  # fmt: skip
PATTERNS = {f"@{mark}": re.compile(pattern) for mark, pattern in MARKS.items()}
NEAR = 5  # words between a page and its praise, at most


# Words that praise of anything is made of, and that say nothing of what is praised.
VAGUE = frozenset(
    "a about absolutely actually additional admin advance after afternoon again all also always "
    "am amazingly amount an and any anybody anyone anyway are article articles as assignment at "
    "attention author aware away back be became because become becoming been begin beginner "
    "beginners beginning being believe best better bing blog blogger bloggers blogging blogs "
    "bookmark bookmarked bookmarking bookmarks boss both brief bring bringing brings bro broken "
    "browse browser browsing buddy but by called came can cannot cant captcha care carry certain "
    "certainly check checking cheers choose choosing chrome clarity clearly clever colleague "
    "colleagues college color colors come comment commenting comments common community "
    "compatibility completely complex concept concepts congrats congratulations consider "
    "considered contact content continue contribute contribution could covered covering covers "
    "coworker create created creating curious current custom daily deal dear deep deeply "
    "definitely deliver delivered depth deserve deserves design detail details device did "
    "different difficult dig discover discovered discussed discussing discussion discussions do "
    "done dont down dude each easy effective effort efforts either else elsewhere email encounter "
    "encountered encourage end enjoy enjoyed enjoying enough entire especially essential even "
    "evening ever every everyone everything exactly example excellent excited expert experts "
    "explain explained explaining explains explanation explorer express extremely eye eyes "
    "facebook fact facts fan fantastic far fast favor favorites favourites feed feel feels felt "
    "few final finally find fine finish finished firefox folks follow followed followers "
    "following font fonts for forever forth forum forums forward found free fresh friend friends "
    "from full fun further future gave general generally genuine genuinely get getting give given "
    "gives giving glad go going good google googled got grasp great group guess guys had half "
    "hand hands happen happened happy hard has have hear heard heart heartfelt hello help helped "
    "helpful helping helps here hey hi high highly him his hit hold homepage honest honestly "
    "hooked hope hopefully hoping host hosting hour hours how however huge i i'll i'm i've idea "
    "ideas if im image images immediately important in individuals info information informative "
    "insight inspiration inspire instagram instead interest interested interesting internet "
    "introduce is issue issues it it's its itself ive job just keep key kind kinds knew know "
    "knowledge knows last later layout lead learn learned learning least leave leaving lets level "
    "light like likes line lines list literally little load loading loads long longer look looked "
    "looking looks lot lots loud love loving luck made mail main maintain make making man manage "
    "management manner many mate matter matters may me mean means mention mentioned message might "
    "mind minute minutes mobile moment more moreover morning most mostly move moved much must my "
    "myself name namely natural naturally near nearly necessary need needed needs network never "
    "nevertheless new newbie newsletter next nice nicely no nobody normally not note nothing "
    "noticed now number obviously occasionally of offer offers often ok okay on one online only "
    "opened opinion opinions or order original other others otherwise our out outstanding over "
    "overall own owner page pages paragraph paragraphs particular particularly pass passed "
    "passion passionate past people per perfect perfectly person personal personally persons "
    "perspective perspectives picked picture pictures piece pieces ping pinterest platform please "
    "plenty plugin plugins plus point points possible possibly post posted posting posts "
    "practical precisely prepared present presentation presented pretty previously probably "
    "problem problems produce professional project projects provide provided provides providing "
    "publish published purpose put quality quick quickly quite quote quoted ran rare rarely "
    "rather rating reach reached reaction read readable reader readers reading realize realized "
    "really reason reasons recent recently recommend recommending refer reference regarding "
    "regards regular regularly relate related relevance reliable remain remarkable remember "
    "remind reminder reminds reply report request required research resonate resonated resonates "
    "resource resources respect rest result results return returned returning reviews right "
    "roommate round rss run runs safari same save saved saving saw say search searched searches "
    "searching secrets section see seeing seem seemed seems seen sense sent sentence sentences "
    "serious seriously several share shared sharing she shine shines short should show shows side "
    "sign similar simply since sincere sincerely single sir site sites skill skills small smart "
    "so social solution solve some somebody somehow someone something sometimes somewhere soon "
    "sort sounds source sources spam speak speaking special spend spending spent spot spouse "
    "stand start started starting stated stay step steps still stop stopped story straight "
    "structured stuff stumbled style subject subjects subscribe subscribed subscriber success "
    "successful such suggest suggestion suggestions summary super supply support supposed sure "
    "surely surf surfing surprised take takes talent talented talk talking teach team tell "
    "telling templates terms than thank thanks that that's thats the their them theme themes then "
    "there therefore these they thing things think thinking this thorough thoroughly those though "
    "thoughtful thoughts through thx time tips to today told tone tons too took topic topics "
    "total totally touch touched toward track trouble true truly trust try trying tuned turn "
    "tutorial tweet tweeted twice twitter two type types u understand understanding understood "
    "unique unlike up update updated updates uploading upon ur us use used useful user users "
    "usual usually valid value various vast very via view viewed viewing views visit visited "
    "visiting visitor visitors visual wait waiting want wanted wanting wants was watch way we web "
    "weblog website well were what whatever when whenever where wherever whether which while who "
    "whoever whole why will wisdom wise wish wishing with within without wonder wondered "
    "wonderful wondering word words work worked working works worry worth worthy would wow write "
    "writer writing writings written wrote ya yahoo yeah yep yes yesterday yet you you're you've "
    "your youre yours yourself".split()
)


def see_flattery(text: str, words: list[str]) -> list[str]:
    """The marks of praise that a folded text shows, and how they compare with its subject."""
    begin = text[:LONGEST]
    found = [mark for mark, pattern in PATTERNS.items() if pattern.search(begin)]
    if praises_a_page(words):
        found.append("@page praised")
    if len(words) < 3:
        return found
    subject = sum(speaks_of_something(word) for word in words) / len(words)
    about = sum(subject > most for most in (0.01, 0.1, 0.2, 0.35))
    vague = f"@{'many' if len(words) > 14 else 'few'} words, on a subject:{about}"
    if not found:
        return [vague]
    return [*found, vague, f"@flattery:{min(len(found), 4)}, on a subject:{about}"]


def praises_a_page(words: list[str]) -> bool:
    """Whether praise stands close to a word for a page."""
    pages = [at for at, word in enumerate(words) if word in PAGES]
    praise = [at for at, word in enumerate(words) if word in ADMIRING]
    return any(abs(one - other) <= NEAR for one in pages[:20] for other in praise[:20])


def speaks_of_something(word: str) -> bool:
    """Whether a word could not stand under any page."""
    return not (
        word in VAGUE
        or word in PAGES
        or word in ADMIRING
        or word in abroad.VAGUE
        or (word.isascii() and len(word) < 3)
    )
