"""The words of invented worlds: five languages, their names, titles and dates.

Every content word, surname, town and product is put together from syllables or from
pieces of compounds; only forenames, function words and months are real.  Few words are
frequent and many are rare (Zipf with Mandelbrot's shift), so rare words tell as much as
they do in real titles.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SHIFT = 20  # of Mandelbrot: the most frequent content word is about 1 in 140
_TABLE = 1 << 17  # draws are uniform from a table of so many places


@dataclass(frozen=True, slots=True)
class Language:
    """What a world needs to write in a language; templates are for str.format."""

    code: str
    share: float
    words: list[str]  # content words, drawn as often as they are frequent
    running: list[str]  # the same, and function words, as running text has them
    forenames: list[str]
    surnames: list[str]
    joint: str  # between words: a blank, or nothing
    talks: Sequence[str]
    generic: Sequence[str]
    mottos: Sequence[str]
    series: Sequence[str]
    meetups: Sequence[str]
    by: str  # "{talk} von {person}"
    day: str
    about: str  # the sentence of a description that names event, date and town
    page: str
    others: Sequence[str]  # videos that show no event
    whole: str
    date: Callable[[int, int, int], str]
    month: Callable[[int, int], str]


def _listed(words: str) -> list[str]:
    return words.split()


def zipf(words: Sequence[str]) -> list[str]:
    """Return a table in which the first words stand often and the last ones once or never."""
    span = len(words) / _SHIFT + 1
    return [words[int(_SHIFT * (span ** (n / _TABLE) - 1))] for n in range(_TABLE)]


def running(words: Sequence[str], function: str) -> list[str]:
    """Return a table for running text: two of five words are function words."""
    small = function.split()
    return [small[n % len(small)] if n % 5 < 2 else word for n, word in enumerate(words)]


def towns(rng: random.Random, many: int = 700) -> list[str]:
    """Return names of towns that are on no map, or by chance only."""
    heads = ("hausen", "dorf", "bach", "kirchen", "ford", "ville", "stetten", "burg", "mar", "ona")
    return _distinct(many, lambda: (_syllables(rng, "de", 1, 2) + rng.choice(heads)).capitalize())


def products(rng: random.Random, many: int = 60_000) -> list[str]:
    """Return names as tools and projects have them."""
    ends = ("", "", "", "ly", "io", "ix", "DB", ".js", "Kit", "Lab", "OS")
    return _distinct(
        many, lambda: _syllables(rng, "en", 2, 3).capitalize() + rng.choice(ends), tries=4
    )


def languages(rng: random.Random) -> tuple[Language, ...]:
    """Return the languages of a world, German first."""
    return (_german(rng), _english(rng), _french(rng), _spanish(rng), _japanese(rng))


_SOUNDS = {
    "de": (
        _listed("b br d dr f fl g gr h k kl kr l m n p pf r s sch schw st t tr w z"),
        _listed("a e i o u au ei ie ä ö ü"),
        ["", "", "l", "n", "r", "s", "t", "nd", "rt", "ng", "ck"],
    ),
    "en": (
        _listed("b bl c ch d f fr g h j l m n p pr qu r s sh st t th tr v w"),
        _listed("a e i o u ea oo ai y"),
        ["", "", "n", "r", "t", "l", "sk", "nt", "rd", "ck"],
    ),
    "fr": (
        _listed("b c ch d f g j l m n p pl r s t tr v"),
        _listed("a e é i o ou u eau ai è"),
        ["", "", "", "n", "r", "t", "ll"],
    ),
    "es": (
        _listed("b c d f g h j l ll m n p r s t tr v z"),
        _listed("a e i o u ie ue á"),
        ["", "", "", "n", "r", "s"],
    ),
    "ja": (
        ["k", "s", "t", "n", "h", "m", "r", "y", ""],
        ["a", "i", "u", "e", "o"],
        ["", "", "n"],
    ),
}
_FUNCTION = {
    "de": (
        "und der die in zu den das nicht von sie ist des sich mit dem dass er es ein ich "
        "auf so eine auch als an nach wie im für man aber aus durch wenn nur war noch "
        "werden bei hat wir was wird sein einen welche sind oder zur um haben einer"
    ),
    "en": (
        "the of and to in a is that for it as was with be by on not he i this are or his "
        "from at which but have an had they you were their one all we can her has there "
        "been if more when will would who so no"
    ),
    "fr": (
        "le la les de des du un une et à il que en pour dans ce qui ne sur se pas plus "
        "par avec au aux mais comme ou si leur y dont elle ses sont nous vous"
    ),
    "es": (
        "el la los las de del un una y a en que se no por con para su al lo como más o "
        "pero sus le ha me si sin sobre este ya entre cuando todo"
    ),
    "ja": ("の に は を た が で て と し れ さ ある いる も する から な こと として"),
}
_STEMS = _listed(
    "Stadt Raum Daten Energie Wasser Wald Bildungs Sprach Verkehrs Wohn Klima Archiv Netz Schul"
    " Jugend Kultur Boden Wärme Markt Land Hafen Garten Gesundheits Pflege Medien Technik Quartiers"
    " Ehrenamts Haushalts Beteiligungs Innovations Wissens Familien Museums Bau Kranken Recht"
    " Forschungs Nachbarschafts Mobilitäts"
)
_HEADS = _listed(
    "planung wandel werkstatt labor politik netz schutz bericht modell zentrum plattform strategie"
    " wende analyse konzept management projekt kreis haus büro dialog entwicklung förderung karte"
    " kataster programm bündnis register leitbild steuerung ordnung versorgung garten schule"
)
_KANJI = "地域未来設計開発共有技術研究社会教育環境都市交通医療文化言語計画運用改善試験"
_KANA = "アイウオカキクコサシスセソタチテトナニノハヒフホマミムモラリルレロワンガグゴジダデバブ"
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
}


def _syllables(rng: random.Random, code: str, least: int, most: int) -> str:
    onsets, vowels, codas = _SOUNDS[code]
    pick = rng.choice
    return "".join(
        pick(onsets) + pick(vowels) + pick(codas) for _ in range(rng.randint(least, most))
    )


def _distinct(many: int, make: Callable[[], str], tries: int = 50) -> list[str]:
    found: dict[str, None] = {}
    for _ in range(many * tries):
        if len(found) == many:
            break
        word = make()
        if len(word) > 3:
            found[word] = None
    return list(found)


def _month(code: str) -> Callable[[int, int], str]:
    names = _MONTHS[code].split()
    return lambda year, month: f"{names[month - 1]} {year}"


def _german(rng: random.Random) -> Language:
    compounds = [stem + head for stem in _STEMS for head in _HEADS]
    coined = _distinct(24_000, lambda: _syllables(rng, "de", 1, 3).capitalize())
    both = compounds + coined
    rng.shuffle(both)
    words = zipf(both)
    months = _MONTHS["de"].split()
    return Language(
        code="de",
        share=0.5,
        words=words,
        running=running(words, _FUNCTION["de"]),
        forenames=_listed(
            "Anna Jan Sabine Thomas Petra Michael Ute Klaus Lena Felix Hanna Paul Jonas Marie Greta"
            " Emil Birgit Jürgen Silke Uwe Katrin Stefan Heike Lukas Fatma Mehmet Aylin Karl Ines"
            " Ruth Björn Anja Dirk Nora Malte Frieda Tim Carla Anton Ida Günter Käthe Ole Svenja"
        ),
        surnames=_distinct(9000, lambda: _syllables(rng, "de", 2, 2).capitalize()),
        joint=" ",
        talks=(
            "{a} und {b}",
            "{a}: {b} für {c}",
            "Wie {a} die {b} verändert",
            "Von {a} zu {b}: {c} in der Praxis",
            "Warum {a} {b} braucht",
            "{x} – {a} neu gedacht",
            "{a} in der {b}: {c} und {d}",
            "Was {a} mit {b} und {c} zu tun hat",
            "{a} gemeinsam gestalten: Erfahrungen mit {x} und {b}",
            "Gute {a}, schlechte {b}",
        ),
        generic=("Keynote", "Eröffnung", "Podiumsdiskussion", "Grußwort", "Lightning Talks"),
        mottos=("{a} gestalten", "{a} und {b} vor Ort", "Zukunft {a}", "{a} trifft {b}"),
        series=("Forum {a}", "{a}-Kongress", "Fachtag {a}", "{x}Conf", "Tag der {a}", "{a}tage"),
        meetups=("{a}-Stammtisch {town}", "{x} User Group {town}", "Salon {a} {town}"),
        by="{talk} von {person}",
        day="Tag {day}",
        about="Vortrag von {person} auf dem {event} am {date} in {town}.",
        page="Mehr zur Veranstaltung: {url}",
        others=("{a} in 90 Sekunden", "Im Gespräch mit {person}", "Imagefilm {a}", "Was ist {a}?"),
        whole="{event} – Gesamtmitschnitt",
        date=lambda y, m, d: f"{d}. {months[m - 1]} {y}",
        month=_month("de"),
    )


def _english(rng: random.Random) -> Language:
    months = _MONTHS["en"].split()
    words = zipf(_distinct(24_000, lambda: _syllables(rng, "en", 1, 3).capitalize()))
    return Language(
        code="en",
        share=0.3,
        words=words,
        running=running(words, _FUNCTION["en"]),
        forenames=_listed(
            "Alice Bob Carol David Emma Frank Grace Henry Isla Jack Kate Liam Mary Noah Olive Peter"
            " Quinn Rachel Sam Tara Uma Victor Wendy Yusuf Zoe Amir Priya Chen Ana Marcus Sarah"
        ),
        surnames=_distinct(9000, lambda: _syllables(rng, "en", 2, 3).capitalize()),
        joint=" ",
        talks=(
            "{a} and {b}",
            "{a}: {b} for {c}",
            "How {a} changed our {b}",
            "From {a} to {b}: a {c} story",
            "Why your {a} needs {b}",
            "{x}: {a} without {b}",
            "The {a} of {b}, {c} and {d}",
            "Building {a} with {x} and {b}",
            "Stop {a} your {b}",
        ),
        generic=("Keynote", "Opening Keynote", "Lightning Talks", "Panel Discussion", "Closing"),
        mottos=("{a} matters", "Beyond {a}", "{a} meets {b}"),
        series=("{x}Conf", "{a} Summit", "{a} Days", "{x} World", "{town} {a} Conference"),
        meetups=("{town} {x} Meetup", "{x} {town}", "{town}.{a}"),
        by="{talk} by {person}",
        day="Day {day}",
        about="A talk by {person}, given at {event} on {date} in {town}.",
        page="More: {url}",
        others=("{a} in two minutes", "Interview with {person}", "What is {a}?", "{x} trailer"),
        whole="{event} - full livestream",
        date=lambda y, m, d: f"{months[m - 1]} {d}, {y}",
        month=_month("en"),
    )


def _french(rng: random.Random) -> Language:
    months = _MONTHS["fr"].split()
    words = zipf(_distinct(14_000, lambda: _syllables(rng, "fr", 2, 3)))
    return Language(
        code="fr",
        share=0.08,
        words=words,
        running=running(words, _FUNCTION["fr"]),
        forenames=_listed("Camille Jean Marie Luc Chloé Hugo Zoé Rémi Anaïs Benoît Élise Noé Inès"),
        surnames=_distinct(5000, lambda: _syllables(rng, "fr", 2, 3).capitalize()),
        joint=" ",
        talks=(
            "{a} et {b}",
            "Pourquoi {a} n'est pas {b}",
            "L'{a} au service de {b}",
            "{x} : {a} pour {b} et {c}",
            "De {a} à {b}",
        ),
        generic=("Keynote", "Table ronde", "Ouverture", "Clôture"),
        mottos=("{a} pour tous", "Vers {a}"),
        series=("Journées {a}", "{x} Conf", "Assises de {a}", "Festival {a}"),
        meetups=("{x} {town}", "Apéro {a} {town}"),
        by="{talk} par {person}",
        day="Jour {day}",
        about="Conférence de {person} à {event}, le {date} à {town}.",
        page="En savoir plus : {url}",
        others=("{a} en deux minutes", "Entretien avec {person}"),
        whole="{event} - intégrale",
        date=lambda y, m, d: f"{d} {months[m - 1]} {y}",
        month=_month("fr"),
    )


def _spanish(rng: random.Random) -> Language:
    months = _MONTHS["es"].split()
    words = zipf(_distinct(14_000, lambda: _syllables(rng, "es", 2, 3)))
    return Language(
        code="es",
        share=0.07,
        words=words,
        running=running(words, _FUNCTION["es"]),
        forenames=_listed("Lucía José María Iván Sofía Raúl Carmen Andrés Elena Íñigo Pilar Óscar"),
        surnames=_distinct(5000, lambda: _syllables(rng, "es", 2, 3).capitalize()),
        joint=" ",
        talks=(
            "{a} y {b}",
            "Cómo {a} cambia la {b}",
            "De {a} a {b} con {x}",
            "¿Por qué {a} y no {b}?",
            "{x}: {a} para {b} y {c}",
        ),
        generic=("Keynote", "Mesa redonda", "Apertura", "Clausura"),
        mottos=("{a} para todos", "Hacia {a}"),
        series=("Jornadas de {a}", "{x}Conf", "Congreso {a}", "Encuentro {a}"),
        meetups=("{x} {town}", "Tertulia {a} {town}"),
        by="{talk} por {person}",
        day="Día {day}",
        about="Charla de {person} en {event}, el {date} en {town}.",
        page="Más información: {url}",
        others=("{a} en dos minutos", "Entrevista con {person}"),
        whole="{event} - completo",
        date=lambda y, m, d: f"{d} de {months[m - 1]} de {y}",
        month=_month("es"),
    )


def _japanese(rng: random.Random) -> Language:
    pick = rng.choice

    def word() -> str:
        if rng.random() < 0.5:
            return "".join(pick(_KANJI) for _ in range(4))
        return "".join(pick(_KANA) for _ in range(rng.randint(4, 6)))

    words = zipf(_distinct(12_000, word))
    return Language(
        code="ja",
        share=0.05,
        words=words,
        running=running(words, _FUNCTION["ja"]),
        forenames=_listed("Aoi Haruto Yui Sota Hina Riku Mei Yuto Sakura Ren Akari Kaito"),
        surnames=_distinct(4000, lambda: _syllables(rng, "ja", 3, 4).capitalize()),
        joint="",
        talks=("{a}と{b}の{c}", "{a}で{b}を変える", "{x}による{a}の{b}", "なぜ{a}なのか: {b}と{c}"),
        generic=("基調講演", "開会", "Lightning Talks"),
        mottos=("{a}の{b}",),
        series=("{x}Kaigi", "{a}会議", "{a}フォーラム"),
        meetups=("{town} {x}勉強会",),
        by="{talk} / {person}",
        day="Day {day}",
        about="{event}({date}、{town})での講演。{person}",
        page="{url}",
        others=("{a}とは", "{person}に聞く"),
        whole="{event} 全編",
        date=lambda y, m, d: f"{y}年{m}月{d}日",
        month=lambda y, m: f"{y}年{m}月",
    )
