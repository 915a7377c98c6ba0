"""What spam keeps asking for, however it is worded: a look at one's channel, a message,
a payment.

Each habit is a pattern over the folded text; where it is found, its name becomes a sign.
"""

import re

# Nobody has these, so nobody advertises them (RFC 2606, RFC 6761).
RESERVED = re.compile(r"(^|\.)example\.(com|net|org)$")
UNOWNED = re.compile(
    r"https?://(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?![\w.-])[^\s<>\"\])]*"
)
# A date is no telephone number, and what is left of an address is no word.
DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?)?\b")
SCHEME = re.compile(r"https?:/*")
# Markdown's own [link](address) looks like it.
BBCODE = re.compile(r"\[(?:url|link)[=\]](?!\()")

SHOWN = (
    r"(?:channels?|ch+an+els?|cover|covers|songs?|tracks?|vide?os?|vidios?|vids?|singles?|"
    r"album|ep|mixtapes?|"
    r"remix(?:es)?|music|band|pages?|profiles?|vlogs?|streams?|beats?|raps?|clips?|merch|"
    r"shop|store|instagram|insta|youtube|website|web ?site|site|blog|facebook|twitter|bio|"
    r"drawings|animations|playlist|podcast|ebook)"
)
# Not "on my page: https://...": who argues at length elsewhere says where.
MINE = rf"(?:my|our|mine)\s(?:\w+\W{{1,2}}){{0,3}}{SHOWN}\b(?!\W{{1,3}}http)"
CALL = (
    r"(?:che?a?ck\w*|visit|watch|view|see|look|listen|hear|go|come|stop|support|rate|love|join|"
    r"follow|vote|share|stream|stumble|sub|su[bcs]{1,4}ri?be?|drop|throw|give|leave|try|feel)"
)
SUBSCRIBE = r"(?:su[bcs]{1,4}ri?b(?:e|es|ed|ing)?|subs?)"
HABITS = {
    "own show": rf"\b{MINE}",
    "call to one's own": rf"\b{CALL}\b(?:\W+\w+){{0,6}}?\W+{MINE}|\b{MINE}.{{0,60}}\bche?ck",
    "subscribe to me": (
        rf"\b{SUBSCRIBE}\W+(?:\w+\W+){{0,2}}?(?:me|us|my|our)\b|\bsub ?(?:4|for) ?sub|"
        rf"\b{SUBSCRIBE}\W+(?:(?:you|u|to|them)\W+){{0,2}}bac?k\b|\b(?:f4f|s4s|l4l)\b"
    ),
    "follow me": (
        r"\b(?:check|follow|add|hear|find|watch|vote for|support)\s(?:me|us)\b(?! \w+ing)|"
        r"\bfollow (?:back|this|for more)|\bcheck\w* (?:men? |us |it |him |them )?out\b"
    ),
    "begins with a call": (
        r"^\W*(?:(?:pl[sz]|pl\w?ea?se?|plizz?|hey|hi|guys|everyone|everybody|all|yo|just|go|"
        r"can you)\W+)*"
        r"(?:su[bcs]{1,4}ri?be|subs?|follow|check|visit|vote|add|click|buy|order|join|search|"
        r"earn|get|"
        r"make money|download|copy|help (?:me|us)|watch my|like and|support)\b"
    ),
    "urge to subscribe": (
        r"\b(?=su)(?:(?<!\bi )(?<!i've )(?<!have )(?<!just )(?<!to )|(?<=forget to ))"
        r"su[bcs]{1,4}ri?be\b(?! by)|\b(?:hit|smash|press) (?:the |that )?(?:\w+ )?"
        r"(?:like|sub\w*|bell)\b|\bcome (?:and )?(?:check|see|watch|follow|join|by|say)\b"
    ),
    "promise for a number": (
        r"\bif (?:i|we) (?:get|reach|hit)\b.{0,20}\d|\b(?:get|reach|hit|shoot for|goal|"
        r"need)\W+(?:to )?\d+"
        r"k? (?:\w+ )?(?:subs|followers|likes)"
    ),
    "plea": (
        r"\b(?:please|pls|plz|plizz?|plis|halp|help)\b(?:\W+\w+){0,7}?\W+(?:me|us|my|our|"
        r"mine)\b"
    ),
    "performer": (
        r"\b(?:i'?m|i am|we'?re|we are|im)\s(?:\w+\W{1,2}){0,6}?(?:singers?|rappers?|artists?|"
        r"musicians?|"
        r"producers?|dancers?|youtubers?|dj|streamers?|gamers?|vloggers?)\b|"
        r"\bi (?:\w+ )?(?:rap|sing|upload|(?:make|post|do) (?:\w+ ){0,2}(?:beats|covers|videos|"
        r"vids|"
        r"music|vlogs|tutorials|remix\w*))\b"
    ),
    "count of followers": r"\b\d+k?\s(?:\w+\s)?(?:subs|subscribers|followers|likes)\b",
    "chain letter": (
        r"\b(?:copy|paste|post|repost|send|share)\b.{0,50}\b(?:\d+|two|three|five|ten|other)\s"
        r"(?:\w+\s){0,2}(?:videos?|songs?|people|friends|comments?|pages?|groups?)\b|"
        r"\b(?:do not|don't|if you) (?:stop|ignore)\b.{0,80}\b(?:die|luck|dead)\b"
    ),
    "way to reach me": (
        r"\b(?:dm|pm|inbox|message|msg|contact|whatsapp|text|write to|write|email|e-mail|reach|"
        r"hit up)\s"
        r"(?:me|us)\b|\b(?:hit me up|hmu|get in touch|reach out|link in (?:my |the )?(?:bio|"
        r"profile|description)|in my (?:bio|profile)|give us a (?:ring|call)|call (?:us|"
        r"me any)|"
        r"contact (?:us|now|for|at|via)|ask me how|private message|feel free to)\b|"
        r"\bvia (?:email|"
        r"whatsapp|telegram)"
    ),
    "company voice": (
        r"\bwe (?:\w+ )?(?:are (?:a |an |the )?(?:\w+ ){0,2}(?:company|agency|team|"
        r"manufacturer\w*|supplier\w*|"
        r"provider|leading|professional)|offer|provide|supply|sell|deliver|manufacture|export|"
        r"speciali[sz]e|ship|give out|grant|accept)\b|\bour (?:\w+ )?(?:team|experts?|writers|"
        r"company|"
        r"clients?|customers|engineers|technicians|services?|products?|prices|agents?|"
        r"packages)\b"
    ),
    "sales talk": (
        r"\b(?:free (?:\w+ )?(?:quote|trial|shipping|delivery|consultation|sample|estimate|"
        r"starter)|"
        r"no obligation|per page|wholesale|moq|catalogue?|money back|promo(?:tion)? code|"
        r"discount code|"
        r"first order|order now|order today|order by|limited (?:stock|time|offer)|"
        r"official (?:site|"
        r"website)|low(?:est)? (?:price|cost|rate)|\d+ ?% off|half (?:the )?price|use code|"
        r"for sale|"
        r"near me|best price|cash ?back|while stock|competitive price|bulk order)"
    ),
    "bait": (
        r"\b(?:free|win|get|claim|unlimited|endless|"
        r"working)\b(?:\W+\w+){0,4}?\W+(?:gift ?cards?|vouchers?|"
        r"robux|v-?bucks|gems|coins|skins|codes?|iphones?|xbox|psn|nitro|followers|subscribers|"
        r"paypal money|giveaways?|steam cards?|minecraft)\b|\b(?:hack(?:ed|s|er|ing)? (?:into|"
        r"any|your|"
        r"facebook|fb|instagram|account|whatsapp)|generator|cheat codes?)\b"
    ),
    "wage": (
        r"(?:[$£€]\s?\d[\d.,]*k?|\b\d[\d.,]*\s?(?:[$£€]|k\b|usd|dollars|bucks|euros?|"
        r"rupees))\s?"
        r"(?:/|a|an|per|every|each|in(?: just| only)?(?: a| one| two| three| \d+)?|daily|"
        r"weekly|last|this)\s?"
        r"(?:day|week|month|hour|hr|night|daily|weekly|survey)"
    ),
    "earning": (
        r"\b(?:earn(?:ed|ing|s)?|ma(?:k|d)e|making|paid|withdr(?:e|a)w|profits?|went from|"
        r"turned|"
        r"cash(?:ed)? out)\b.{0,30}(?:[$£€]\s?\d|\b\d[\d.,]*\s?(?:[$£€]|k\b|usd|dollars|bucks|"
        r"euros?)"
        r"|\bmoney\b|\bcash\b)"
    ),
    "trader praised": (
        r"\b(?:mr|mrs|miss|ms|expert|broker|trader|coach|mentor)\b.{0,160}\b(?:invest\w*|"
        r"trad(?:e|es|"
        r"ing)|profits?|portfolio|withdr\w+|recover\w*|forex|bitcoin|crypto|account|funds|"
        r"strategy|"
        r"genius|signals)\b|\b(?:recover(?:ed|y)?|retrieved?|got back)\b.{0,40}\b(?:funds|"
        r"money|"
        r"bitcoin|btc|crypto|savings|wallet)\b"
    ),
    "healer": (
        r"\b(?:dr|doctor|prophet|baba|mama|papa|priest|lord|chief|healer|spell ?caster|"
        r"herbalist)\b"
        r".{0,160}\b(?:spells?|herbs?|herbal|cured?|lottery|marriage|husband|wife|lover|ex|"
        r"healed|"
        r"magic|rituals?|temple|brotherhood|curse)\b|\blove spells?\b|\bspell ?caster\b"
    ),
    "alms": (
        r"\b(?:donat(?:e|ion)|any amount|western union|m-?pesa|gofundme|orphan\w*|"
        r"god bless (?:you|the "
        r"giver)|kindly (?:help|send|support|assist)|support (?:us|me) (?:with|financially))\b"
    ),
    "loan": (
        r"\bloans?\b.{0,120}(?:\d ?%|\bpercent\b|\bapply\b|\bcontact\b|\boffer\b|"
        r"\binterest rate\b)|"
        r"\b(?:we|i) (?:\w+ )?(?:offer|give|grant) (?:\w+ ){0,3}(?:loans?|credit)\b|"
        r"\bbad credit\b"
    ),
    "letter to the owner": (
        r"^\W*(?:dear|hello|hi|respected)?\W*(?:sir|admin|webmaster|madam|owner|friend)\b|"
        r"\byour (?:web ?site|site|domain|web ?page)\b"
    ),
    "trackback": (
        r"^\W*\[(?:\.\.\.|\u2026)\]|\[(?:\.\.\.|\u2026)\]\W*$|\b(?:trackback|pingback)\b|"
        r"read (?:the full|more) (?:story|here|at)"
    ),
    "spelled-out address": (
        r"\b[a-z0-9-]{3,40}\s?(?:\(dot\)|\[dot\]|\bdot\b)\s?(?:com|net|org|shop|store|live|"
        r"info|xyz|"
        r"site|io|co|club|online|me|tv)\b|\b[a-z0-9-]{4,40}(?:\s+\.\s?|\s?\.\s+|,)(?:com|net|"
        r"org|xyz|info)\b"
    ),
    "referral": (
        r"[?&#](?:ref|aff|affiliate\w*|affid|invite|rb|r|friend|utm_\w+|tag|referral|code)="
    ),
    "video link": r"(?<![\w.])/?watch\?v=|youtu\.?be[./]",
    "quoted name to search": (
        r"\b(?:search|google|type|(?<!to )look up)\b.{0,12}[\"\u201c'].{3,40}[\"\u201d']"
    ),
    "foreign offer": (
        r"kredit|darlehen|ohne schufa|preiswert|angebot|verdien|kostenlos|pr[êe]t (?:rapide|"
        r"entre)|"
        r"devis gratuit|pas cher|gagne[rz] |pr[ée]stamos?|cr[ée]ditos?|dinero|barat[oa]s|"
        r"vend[oe] |"
        r"empr[ée]stimo|ganhe|dinheiro|renda extra|prezzi|preventivo|"
        r"guadagn|"
        r"gratuit[oa]|заработ|кредит|займ|подробност|пишите|доставк|продвижени|накрутк|дешев|купить|заказ|"
        r"скидк|"
        r"недорог|jual |murah|pesan |daftar |slot|gacor|bonus|satılık|fırsat|takipçi|bahis|"
        r"kredi |"
        r"giá rẻ|inbox|vay tiền|微信|兼职|贷款|代办|副業|稼げ|대출|카지노|قرض|واتساب"
    ),
}  # fmt: skip
PATTERNS = {f"@{habit}": re.compile(pattern) for habit, pattern in HABITS.items()}
LONGEST = 1_500

BLOG_TALK = re.compile(
    r"\b(?:this|your|the) (?:web ?page|web ?site|site|blog|weblog|board|forum)\b|\bweblog|"
    r"\bweb ?page\b|bookmark|stumbled|blog posts?|piece of (?:info|content|writing)|"
    r"\bblogg?(?:ing|ers?)\b"
)
# "cheapshoes dot shop", "cheapshoes . com", "cheapshoes,com"
SPELLED_OUT = re.compile(
    r"\b([a-z0-9-]{3,40})(?:\s?[(\[]dot[)\]]\s?|\sdot\s|\s+\.\s?|,(?=\w))"
    r"(com|net|org|info|xyz|shop|store|live|site|online|club)\b"
)
# Hosts where one sells, begs or shows oneself.
STAGES = re.compile(
    r"(^|\.)(facebook|fb|twitter|instagram|tiktok|twitch|soundcloud|spotify|bandcamp|"
    r"reverbnation|"
    r"gofundme|indiegogo|kickstarter|patreon|paypal|teespring|redbubble|etsy|ebay|amazon|amzn|"
    r"aliexpress|fiverr|snapchat|onlyfans|surveymonkey|change|avaaz|woobox|bit|linktr|"
    r"plus\.google|"
    r"docs\.google|sites\.google|blogspot|weebly|wixsite|play\.google|pinterest|vk|"
    r"discord)\.\w+$"
)
# Names that are phrases of commerce: "Cheap Flights To Bali", "best plumber in Austin". None is
# what people call themselves on a site of essays: "taxpayer", "dog owner", "film buff".
TRADES = (
    r"best cheap\w* buy sell sale free top online official hire rent\w* used discount near_me "
    r"service\w* agency company co inc llc ltd shop store outlet deals? direct depot hub pros? "
    r"guys experts? gurus? solutions? consult\w* studios? institute academy coaching tuition "
    r"tutors? clinic cent(?:er|re) lawyers? attorneys? law_firm dent\w+ orthodont\w+ "
    r"chiropract\w+ plumb(?:ing|ers?) electrician locksmith\w* roof\w* paint(?:er|ing)s? "
    r"clean(?:er|ing)s? polishing repairs? remodel\w* contractors? builders? construction "
    r"landscap\w+ gardening lawn gutters? flooring floors tiles marble granite fenc(?:e|ing)s? "
    r"garage carpets? windows? curtains? blinds sheds? hvac heating boilers? pest junk removals? "
    r"water_damage tree_(?:service|removal|care) pools? furniture sofas? beds mattress\w* "
    r"kitchens? bathrooms? decor candles photograph\w* movers? moving flights? hotels? villas? "
    r"holidays? tours? travel taxi limo visas? umrah venues? wedding\w* catering insurance "
    r"loans? mortgage\w* credit financ\w+ accountants? tax_\w+ realt\w+ real_estate propert\w+ "
    r"homes forklifts? tyres tires cars car_\w+ detailing escorts? massage salon spa beauty "
    r"botox implants? hair_\w+ nail_\w+ slim\w* diets? keto fitness yoga_\w+ casino slots? "
    r"bet\w* crypto bitcoin forex trad(?:er|ing) invest\w* seo marketing backlinks digital "
    r"web_\w+ apps? software saas hosting vpn cloud iptv apk games? gaming design\w* logos? "
    r"followers views likes papers essays? writing_service assignments? homework diploma\w* "
    r"documents? beats music vlogs? codes? robux gifts? cards pharmacy meds pills weight_loss "
    r"cbd vap(?:e|ing) shoes? sneakers? jewel\w+ fashion clothing apparel phones? gadgets? "
    r"laptops? factory supplier\w* manufactur\w* wholesale solar tips reviews? quotes insights "
    r"ideas guide pet_(?:shop|grooming|food|store) dog_training watch_\w+.(?:free|online) "
    r"seguros? abogad\w+ fontaner\w+ cerrajer\w+ plombier serrurier avocat assurances? voyan\w+ "
    r"rechtsanw\w+ steuerberat\w+ umz[uü]g\w* versicherung\w* kredit\w* zahnarzt\w* reifen "
    r"günstig\w* idraulico avvocato prestiti окна ремонт строит\w+ юрист диплом\w* кредит\w* "
    r"купить obat jasa sewa jual situs judi bandar agen bahis takipçi"
)
TRADE_NAME = re.compile(
    rf"\b(?:{'|'.join(TRADES.split())})\b".replace("_", " ")
    + r"|^(?!an? |the ).{1,60}\b(?:in|for|to|near) \w+$"
)


def see_habits(text: str) -> list[str]:
    """The habits that a folded text shows, and how many: an honest comment may show one."""
    begin = text[:LONGEST]
    found = [sign for sign, pattern in PATTERNS.items() if pattern.search(begin)]
    return [*found, f"@habits:{min(len(found), 4)}"] if len(found) > 1 else found
