"""Praise that has read nothing: it names the blog, the post and "this topic", never what they say.

Most such spam has no link in it: the link hangs on the name. What gives it away is that it could
stand under any page, and that it speaks of the page where a reader speaks of what stands on it.
"""

import re

from comments.spam import abroad, words

LONGEST = 800

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
KINDS = {"site": words.SITES, "post": words.POSTS}
SHORT, LONG = 6, 15  # words of a reply
NEAR = 5  # words between a name and its praise, at most


def see_flattery(text: str, said: list[str]) -> list[str]:
    """The marks of praise that a folded text shows, and how they compare with its subject."""
    begin = text[:LONGEST]
    found = [mark for mark, pattern in PATTERNS.items() if pattern.search(begin)]
    found += [f"@{kind} praised" for kind, names in KINDS.items() if is_praised(names, said)]
    if len(said) < 2:
        return found
    subject = sum(speaks_of_something(word) for word in said) / len(said)
    about = 1 + sum(subject > most for most in (0.01, 0.1, 0.2, 0.35))
    length = "few" if len(said) < SHORT else "some" if len(said) < LONG else "many"
    vague = f"@{length} words, on a subject:{about}"
    if not found:
        return [vague]
    count = min(len(found), 4)
    # Who says little cannot say much of a subject either: there the marks count alone.
    if length == "few":
        return [*found, vague, f"@flattery in few words:{count}"]
    return [*found, vague, f"@flattery:{count}, on a subject:{about}"]


def is_praised(names: frozenset[str], said: list[str]) -> bool:
    """Whether praise stands close to one of these names."""
    named = [at for at, word in enumerate(said) if word in names]
    praise = [at for at, word in enumerate(said) if word in words.ADMIRING]
    return any(abs(one - other) <= NEAR for one in named[:20] for other in praise[:20])


def speaks_of_something(word: str) -> bool:
    """Whether a word could not stand under any page."""
    return word not in words.ANYWHERE and not (word.isascii() and len(word) < 3)
