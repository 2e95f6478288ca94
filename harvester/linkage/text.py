"""Text as the linkage compares it: folded, cut into words, and made whole again.

In:   titles and descriptions as people write them, German first.
Out:  folded text, words in order, terms (words and neighbours written as one),
      parts of compounds, names of persons.

Folding makes equal what a reader takes for the same: capitals, ä and ae, ß and
ss, accents, the kinds of quotes, dashes and blanks; names in Cyrillic or Greek
and the same in Latin letters.  Languages that write without blanks are cut into
pairs of characters.

Pure: no network, no database, no clock.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from operator import add

_FOLDED = (
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "ø": "oe", "æ": "ae", "œ": "oe"}
    | {"đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    # as passports write Cyrillic, and common usage Greek
    | dict(zip("абвгдеёзийклмнопрстуфхыэіїґєў", "abvgdeeziyklmnoprstufhyeiigeu", strict=True))
    | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ъ": "", "ь": "", "љ": "lj", "њ": "nj", "ј": "j", "ћ": "c", "ђ": "dj", "џ": "dz"}
    | dict(zip("αβγδεζηικλμνξοπρσςτυφωάέήίόύώ", "avgdeziiklmnxoprsstyfoaeiioyo", strict=True))
    | {"θ": "th", "χ": "ch", "ψ": "ps"}
    # what nobody sees: soft hyphens, blanks of no width, marks of direction
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
)
_SAME_WORD = {"conference": "conf"}  # one is short for the other, in names written as one too
_VOICE_MARKS = "\u3099\u309a"  # of Japanese, and no accents: が is not か
# patterns begin with the few characters they look for: searching for these is quick
_APOSTROPHES = re.compile(r"['’‘`´ʼ](?<=\w.)(?=\w)")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_SPECIAL = re.compile(r"[^\x00-\x7f]")
_PLAIN = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[0-9](?<=[^\W\d_][0-9])[0-9]")
_APART = re.compile(  # a year or number written onto a name is a word of its own: "oedo04"
    r"(?<![^\W_])[^\W\d_]{4,}(?=(?:(?:19|20)\d\d|\d\d)(?![^\W_]))|[^\W_]+"
)
_BLANKS = "".join(c if c.isalnum() else " " for c in map(chr, range(128)))
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def fold(text: str) -> str:
    """Return text without what readers overlook: "„Über–Morgen“" -> „ueber-morgen“."""
    text = text.lower() if text.isascii() else _latin(text)
    if "'" in text or "`" in text or not text.isascii():
        text = _APOSTROPHES.sub("", text)
    return " ".join(text.split())


def _latin(text: str) -> str:
    """Return text in small letters without accents, in Latin ones if it is European."""
    text = unicodedata.normalize("NFKC", text).casefold()
    # replacing the few characters that occur is far cheaper than looking at each
    for c in _FOLDED.keys() & set(_SPECIAL.findall(text)):
        text = text.replace(c, _FOLDED[c])
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFD", text)
    special = set(_SPECIAL.findall(plain)).difference(_VOICE_MARKS)
    for c in filter(unicodedata.combining, special):
        plain = plain.replace(c, "")
    return _DASHES.sub("-", unicodedata.normalize("NFC", plain))


def runs(folded: str) -> list[str]:
    """Return the runs of letters and digits in a text: "don't 2-b" -> don, t, 2, b."""
    return folded.translate(_BLANKS).split() if folded.isascii() else _PLAIN.findall(folded)


def words(folded: str) -> tuple[str, ...]:
    """Return the words of folded text in order: "don't stop-over" -> dont, stop, over."""
    every = _APART.findall(folded) if _JOINED.search(folded) else runs(folded)
    if folded.isascii() or not _UNSPACED.search(folded):
        if any(word in folded for word in _SAME_WORD):
            return tuple([_SAME_WORD.get(word, word) for word in every])
        return tuple(every)
    found: list[str] = []
    for word in every:
        if word.isascii() or not _UNSPACED.search(word):
            found.append(_SAME_WORD.get(word, word))
            continue
        for piece in re.split(f"({_UNSPACED.pattern})", word):
            if not piece:
                continue
            if _UNSPACED.fullmatch(piece) and len(piece) > 1:
                found += [piece[i : i + 2] for i in range(len(piece) - 1)]
            else:
                found.append(piece)
    return tuple(found)


def spelt(text: str) -> dict[str, str]:
    """Return each folded word of a text with the form that it has there."""
    forms: dict[str, str] = {}
    for piece in re.findall(r"[^\W_]+(?:['’‘`´ʼ][^\W_]+)*", unicodedata.normalize("NFC", text)):
        plain = piece.isascii() and piece.isalnum()
        for word in words(piece.lower() if plain else fold(piece)):
            forms.setdefault(word, piece)
    return forms


def scripts(text: str) -> list[str]:
    """Return the scripts of a text, that of most letters first; Japanese and Chinese are one.

    Named as Unicode names letters: "LATIN", "CYRILLIC".
    """
    if text.isascii():
        return ["LATIN"]
    letters = unicodedata.normalize("NFKC", text)
    found = Counter(_script(letter) for letter in letters if letter.isalpha())
    return [name for name, _ in found.most_common()]


@cache
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "LATIN").partition(" ")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name


def joined(sequence: Sequence[str], longest: int = 3) -> list[str]:
    """Return neighbours written as one word: herbst, konferenz -> herbstkonferenz."""
    found: list[str] = []
    grown: Iterable[str] = sequence
    for n in range(1, longest):
        grown = list(map(add, grown, sequence[n:]))  # the last one has no neighbour
        found += grown
    return found


def terms(sequence: Sequence[str]) -> frozenset[str]:
    """Return the words, and neighbours written as one word, that a text offers to a comparison."""
    return frozenset(sequence).union(joined(sequence))


def ends(word: str) -> tuple[str, ...]:
    """Return the beginning and end of a longer word, by which compounds and typos still meet."""
    if len(word) < 8 or not word.isalpha():
        return ()
    return (word[:6] + "~", "~" + word[-6:])


def within_compound(word: str, others: Iterable[str]) -> str | None:
    """Return the other word that holds this one, or is held by it, at its beginning or end.

    German writes compounds as one: "diskurs" is in "fachdiskurs", "kommunen" is
    not in "kommunal".  Both pieces need some length, or everything is in everything.
    """
    if len(word) < 5:
        return None
    for other in others:
        long, short = (word, other) if len(word) > len(other) else (other, word)
        if (
            len(short) >= 5
            and len(long) - len(short) >= 3
            and (long.startswith(short) or long.endswith(short))
        ):
            return other
    return None


def contains(text: Sequence[str] | str, phrase: Sequence[str]) -> bool:
    """Return whether the words of a phrase stand in a text in this order, next to each other.

    The text may be given as words, or as words already joined by blanks with a
    blank at each end.
    """
    if not phrase:
        return False
    whole = text if isinstance(text, str) else f" {' '.join(text)} "
    return f" {' '.join(phrase)} " in whole


def person(name: str, titles: Collection[str]) -> tuple[str, ...]:
    """Return a person's name as folded words: "Prof.'in Dr. Hanna Koch" -> hanna, koch.

    Titles are left out.  What stands in brackets is an affiliation.  "Koch, Hanna" is turned round.
    """
    name = _BRACKETS.sub(" ", name)
    if name.count(",") == 1:
        last, first = name.split(",")
        if len(last.split()) == 1 and first.strip():
            name = f"{first} {last}"
    return tuple(w for w in words(fold(name)) if w not in titles)
