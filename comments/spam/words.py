"""Words by what they are for: the kinds that spam makes much of, and those that say little."""

from comments.spam import abroad

CLASSES = {
    "praise": "great nice awesome amazing excellent wonderful superb fantastic informative useful "
    "helpful thanks thank sharing post blog article website site bookmarked bookmark content "
    "information writeup layout weblog webpage knowledge insightful valuable",
    "urge": "click visit subscribe sub check contact call order buy join claim text txt sign "
    "register download apply email dm message hire book shop watch follow vote try enroll "
    "hurry verify confirm",
    "gain": "free win won winner prize earn cash money profit bonus guaranteed guarantee cheap "
    "discount offer offers deal deals sale lowest affordable price bitcoin crypto investment loan "
    "income rich reward rewards gift voucher award jackpot selected instant legit unlimited",
    "trade": "services service agency company seo marketing expert experts professional "
    "specialist clients customers supplier manufacturer packages quality delivery best leading "
    "trusted reliable affordable certified",
    "reason": "but because although though however unless whether rather argue argument disagree "
    "agree essay author claim evidence wrong true false instead never perhaps would could should "
    "think thought mean meant why than if which nobody",
}
CLASS_OF = {word: kind for kind, words in CLASSES.items() for word in words.split()}
# Words that stand in any text: alone and among themselves they say nothing.
FILLERS = frozenset(
    "a about after again all also always am an and any are as at back be because been being but "
    "by can could did do done each else even ever every for from get give go going had has have "
    "he her here him his how i i'll i'm i've if in into is it it's its just let made make many "
    "may me might more most much my need never no not nothing now of often on one only or other "
    "others our out over own put said say see she should so some soon still such take than that "
    "that's the their them then there these they thing things this those through time to today "
    "too try up us use very want wanted was way we well were what when where which while who "
    "whole why will wish with would you your yours".split()
)
# What spam calls the place that it stands in.
SITES = frozenset(
    "blog blog's blogger bloggers blogging blogs design layout site site's sites template theme "
    "web-site weblog weblogs webpage webpages website websites".split()
)
# What it calls that which it stands under.
POSTS = frozenset(
    "article articles breakdown content content's contents entries entry guide guides info "
    "information insight insights knowledge material paragraph post posting postings posts "
    "publish resource resources share sharing submit tips topics tutorial update updates upload "
    "uploads write-up writeup writeups".split()
)
# What praise of anything is made of.
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
# Words that say nothing of what is praised, and could stand under any page.
VAGUE = frozenset(
    "absolutely actually additional admin advance afternoon amazingly amount anybody anyone "
    "anyway assignment attention author aware away became become becoming begin beginner "
    "beginners beginning believe bing bookmark bookmarked bookmarking bookmarks boss both brief "
    "bring bringing brings bro broken browse browser browsing buddy called came cannot cant "
    "captcha care carry certain certainly check checking cheers choose choosing chrome clarity "
    "clearly clever colleague colleagues college color colors come comment commenting comments "
    "common community compatibility completely complex concept concepts congrats congratulations "
    "consider considered contact continue contribute contribution covered covering covers "
    "coworker create created creating curious current custom daily deal dear deep deeply "
    "definitely deliver delivered depth deserve deserves detail details device different "
    "difficult dig discover discovered discussed discussing discussion discussions dont down dude "
    "easy effective effort efforts either elsewhere email encounter encountered encourage end "
    "enough entire especially essential evening everyone everything exactly example excited "
    "expert experts explain explained explaining explains explanation explorer express extremely "
    "eye eyes facebook fact facts fan far fast favor favorites favourites feed feel feels felt "
    "few final finally find fine finish finished firefox folks follow followed followers "
    "following font fonts forever forth forum forums forward found free fresh friend friends full "
    "fun further future gave general generally genuine genuinely getting given gives giving "
    "google googled got grasp group guess guys half hand hands happen happened hard hear heard "
    "heart heartfelt hello help helped helping hey hi high highly hit hold homepage honest "
    "honestly hooked hope hopefully hoping host hosting hour hours however huge idea ideas im "
    "image images immediately important individuals inspiration inspire instagram instead "
    "interest interested internet introduce issue issues itself ive job keep key kind kinds knew "
    "know knows last later lead learn learned learning least leave leaving lets level light likes "
    "line lines list literally little load loading loads long longer look looked looking looks "
    "lot lots loud loving luck mail main maintain making man manage management manner mate matter "
    "matters mean means mention mentioned message mind minute minutes mobile moment moreover "
    "morning mostly move moved must myself name namely natural naturally near nearly necessary "
    "needed needs network nevertheless new newbie newsletter next nobody normally note noticed "
    "number obviously occasionally offer offers ok okay online opened opinion opinions order "
    "original otherwise overall owner page pages paragraphs particular particularly pass passed "
    "passion passionate past people per perfectly person personal personally persons perspective "
    "perspectives picked picture pictures piece pieces ping pinterest platform please plenty "
    "plugin plugins plus point points possible possibly posted practical precisely prepared "
    "present presentation presented previously probably problem problems produce professional "
    "project projects provide provided provides providing published purpose quick quickly quite "
    "quote quoted ran rare rarely rather rating reach reached reaction read readable reader "
    "readers reading realize realized really reason reasons recent recently recommending refer "
    "reference regarding regards regular regularly relate related relevance reliable remain "
    "remember remind reminder reminds reply report request required research resonate resonated "
    "resonates rest result results return returned returning reviews right roommate round rss run "
    "runs safari same save saved saving saw search searched searches searching secrets section "
    "seeing seem seemed seems seen sense sent sentence sentences serious seriously several shared "
    "shine shines short show shows side sign similar simply since sincere sincerely single sir "
    "skill skills small smart social solution solve somebody somehow someone something sometimes "
    "somewhere sort sounds source sources spam speak speaking special spend spending spent spot "
    "spouse stand start started starting stated stay step steps stop stopped story straight "
    "structured stuff stumbled style subject subjects subscribe subscribed subscriber success "
    "successful suggest suggestion suggestions summary supply support supposed sure surely surf "
    "surfing surprised takes talent talented talk talking teach team tell telling templates terms "
    "thats themes therefore think thinking thoroughly though thoughts thx told tone tons took "
    "topic total totally touch touched toward track trouble true truly trust trying tuned turn "
    "tweet tweeted twice twitter two type types u understand understanding understood unique "
    "unlike updated uploading upon ur used user users usual usually valid value various vast via "
    "view viewed viewing views visit visited visiting visitor visitors visual wait waiting "
    "wanting wants watch web whatever whenever wherever whether whoever wisdom wise wishing "
    "within without wonder wondered wondering word words work worked working works worry worthy "
    "write writer writing writings written wrote ya yahoo yeah yep yes yesterday yet you're "
    "you've youre yourself".split()
)
ANYWHERE = FILLERS | SITES | POSTS | ADMIRING | VAGUE | abroad.VAGUE
