"""Praise that has read nothing, in the languages in which most of it comes besides English.

As in English, a reader may well say "good article"; that a blog is nice, that its information was
shared, and that it is now among one's bookmarks, nearly only spam says.
"""

# A line for each language: es/pt, fr, de, it, nl, pl, ru, zh, ja/ko, id, tr, others.
ARTICLE_PRAISED = "|".join(
    (
        r"\b(?:excelente|buen|gran|interesante|[óo]timo|bom|belo) (?:\w+ )?"
        r"(?:art[íi]c?u?[lg]o|texto|aporte|post|conte[nú]\w*do)",
        r"\b(?:super|tr[èe]s bon|bel|bon|excellent|g[ée]nial) (?:article|billet|post)",
        r"\b(?:tolle|gute|super|sch[öo]ne|interessante|informative|hilfreiche)r? "
        r"(?:\w+ )?(?:beitrag|artikel|post|text)",
        r"\b(?:ottimo|bel|bell'|interessante|bellissimo) ?(?:articolo|post)",
        r"\b(?:mooie?|leuke?|goede?|fijne?|interessante?) (?:artikel|post)",
        r"\b(?:[śs]wietny|ciekawy) (?:wpis|artyku[łl])",
        r"\b(?:полезн|интересн|хорош|отличн|классн|познавательн)\w+ (?:стать|материал|пост)",
        r"写得(?:真|很|不错)|不错的文章|好文章",
        r"좋은 글",
        r"\bartikel(?:nya)? (?:yang|sangat|bagus|menarik)",
        r"\b(?:g[üu]zel|harika) (?:bir )?yaz[ıi]",
        r"\bbài viết|مقال (?:رائع|مفيد)|บทความดี",
    )
)
PAGE_PRAISED = "|".join(
    (
        r"\bgracias por\b.{0,20}\b(?:compartir|la? info\w*|los? (?:datos|consejos)|aporte)",
        r"\b(?:excelente|buen|gran|genial|[óo]timo|bom|completo) (?:\w+ )?"
        r"(?:blog|p[áa]gina|sitio|site|web)\b",
        r"\b(?:blog|p[áa]gina|sitio)\b.{0,30}\b(?:excelente|genial|encanta|favoritos|completo)",
        r"\bsig[au]e?n? as[íi]\b|\bcontinuem? assim\b|\bparab[ée]ns\b|\bfelicidades\b",
        r"\bobrigad[oa] (?:por|pel[ao]s?) (?:comp\w+|info\w+|dicas)",
        r"\bmerci\b.{0,30}\b(?:partage|infos?|informations?|conseils|astuces)",
        r"\b(?:ton|votre|ce|super|bon) (?:blog|site)\b|\bcontinue[zr]? (?:comme|ainsi)",
        r"\bweiter so\b|\bweiterempfehl",
        r"\b(?:tolle|super|nette|sch[öo]ne|gute)r? (?:\w+ )?(?:blog|(?:web)?seite|website|infos?|"
        r"tipps)\b",
        r"\b(?:dein|euer|eure)e?n? (?:\w+ )?(?:blog|(?:web)?seite|website|theme|beitr[äa]ge)",
        r"\bcomplimenti\b|\bcontinuate cos[ìi]\b|\bgrazie (?:per|delle) (?:la |le )?"
        r"(?:info\w+|condiv\w+|dritte)",
        r"\b(?:mooie?|leuke?|goede?|fijne?) (?:blog|site|website)",
        r"\bbedankt voor (?:de|het) (?:info|delen|tips)|\bga zo door\b",
        r"\bdzięki za (?:info|wpis|artyku)|\bb[ęe]d[ęe] zagl[ąa]da[ćc]",
        r"\b(?:полезн|интересн|хорош|отличн|классн|познавательн)\w+ "
        r"(?:сайт|блог|портал|информаци|ресурс|инф)",
        r"\bспасибо\b.{0,25}(?:автору|за стать|за инф|полезн|за пост|за матер|админ)",
        r"\b(?:ваш|этот|такой)\w* (?:сайт|блог|ресурс)|в закладки",
        r"感谢分享|谢谢分享|感謝分享|学习[了到]|已?收藏了?|支持一下|博客",
        r"参考になりま|素敵な(?:ブログ|サイト)|役に立つ|ブックマーク",
        r"유익한|잘 보고|포스팅|블로그",
        r"\bbermanfaat|\bmakasih|\b(?:info|blog)nya\b|\bterima kasih\b.{0,30}"
        r"(?:info|artikel|gan|sharing|admin|berbagi)",
        r"\bpayla[şs][ıi]m|\bemeğinize|\b(?:g[üu]zel|faydal[ıi]|harika) (?:bir )?"
        r"(?:site|blog|i[çc]erik|bilgi)",
        r"\bcảm ơn\b.{0,20}chia sẻ|ข้อมูลดี",
        r"موقع (?:رائع|مفيد|جميل)|شكرا على (?:المعلومات|المشاركة|الموضوع)|بارك الله",
    )
)
# Words that such praise is made of.
VAGUE = frozenset(
    "un una el la los las de del al en con por para que y muy es su tu me ha he lo le gracias "
    "compartir buen buena excelente artículo información blog saludos mucho esta este página "
    "post servido ayuda ayudó útil todo sigan así la le la les des du et ce cet cette ces très "
    "bon merci pour votre ton site vraiment bien fait je vos vous partage infos informations "
    "utiles utile article garde favori suis der die das den ein eine einen ist sehr ich und für "
    "mit dem danke beitrag artikel seite auf jeden fall weiter so toll toller guter informativ "
    "hilfreich eure deine werde gefällt mir hat il lo di che è per molto grazie ottimo articolo "
    "complimenti о и в на не что это как за для очень спасибо автору статья сайт блог ваш всё все "
    "интересно интересный полезная информация добавил закладки буду понятно хорошо yang sangat "
    "dan ini terima kasih info infonya bermanfaat gan sukses selalu het een dank voor je uw leuk "
    "mooi bir çok için teşekkürler güzel paylaşım o os um uma muito obrigado parabéns pelo ótimo "
    "conteúdo".split()
)
