"""The words of the spreadsheet, in English and German: what stands in it, what may be written.

A sheet is written in one language and read in both, whichever it was written in:
editors pass files on.  Ids, and the words of closed lists as the database has them,
are good in either.

Pure.
"""

from collections.abc import Mapping
from typing import Literal, TypeVar

from harvester.records import NoEventReason, Reason, Role

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")

CANDIDATES = 3
"""So many candidates have columns; any other event or talk is named by its id."""

Both = tuple[str, str]
"""A word in English and in German, in the order of LANGUAGES."""


def _candidate(n: int) -> dict[str, Both]:
    return {
        f"event_id_{n}": (f"{n}: event id", f"{n}: Kennung"),
        f"event_{n}": (f"{n}: event", f"{n}: Veranstaltung"),
        f"date_{n}": (f"{n}: date", f"{n}: Datum"),
        f"talk_{n}": (f"{n}: talk", f"{n}: Vortrag"),
        f"sure_{n}": (f"{n}: sure", f"{n}: sicher"),
    }


def _hidden(n: int) -> dict[str, Both]:
    return {f"talk_id_{n}": (f"{n}: talk id", f"{n}: Kennung des Vortrags")}


HEADS: Mapping[str, Both] = {
    "video_id": ("video id", "Video-Kennung"),
    "url": ("link", "Link"),
    "title": ("title", "Titel"),
    "published": ("published", "veröffentlicht"),
    "length": ("length", "Länge"),
    "captions": ("captions", "Untertitel"),
    "reason": ("why it waits", "Warum offen"),
    **{key: head for n in range(1, CANDIDATES + 1) for key, head in _candidate(n).items()},
    "decision": ("decision", "Entscheidung"),
    "role": ("role", "Rolle"),
    "note": ("note", "Notiz"),
    **{key: head for n in range(1, CANDIDATES + 1) for key, head in _hidden(n).items()},
    "version": ("version", "Stand"),
}
"""The columns, in their order."""

HIDDEN = (*(f"talk_id_{n}" for n in range(1, CANDIDATES + 1)), "version")
"""What the import needs and nobody wants to read."""

NEEDED = ("video_id", "decision", "version")
"""Without these a sheet is none of ours."""

CAPTIONS: Mapping[str, Both] = {
    "flag_only_yes": ("yes", "ja"),
    "flag_only_no": ("none, or automatic ones", "keine oder automatische"),
    "unknown": ("not known", "nicht bekannt"),
    "live_pending": ("still to come", "kommen noch"),
}

RULED_OUT: Both = (
    "the first proposal has been ruled out",
    "der erste Vorschlag ist ausgeschlossen",
)

REASONS: Mapping[Reason, Both] = {
    Reason.NO_CANDIDATE: ("nothing on record is like it", "nichts Ähnliches erfasst"),
    Reason.WEAK: ("the best guess is unlikely", "der beste Vorschlag ist unwahrscheinlich"),
    Reason.DOUBTFUL: ("likely, but not sure enough", "wahrscheinlich, aber nicht sicher genug"),
    Reason.PROPOSED: (
        "the rule is sure, and leaves it to an editor",
        "sicher, die Entscheidung bleibt bei Ihnen",
    ),
    Reason.TIE: ("two events or talks fit about equally well", "zwei passen etwa gleich gut"),
    Reason.CONTRADICTION: (
        "something speaks plainly against the best guess",
        "etwas spricht klar gegen den besten Vorschlag",
    ),
    Reason.TAKEN: ("another video already shows it", "ein anderes Video zeigt es schon"),
    Reason.NOT_RECORDED_YET: ("has not taken place yet", "hat noch nicht stattgefunden"),
    Reason.NOT_LINKED_YET: ("came in after the last linking", "kam nach dem letzten Abgleich"),
}

NO_REASON: Both = ("the rule is sure of it", "die Regel ist sich sicher")

ROLES: Mapping[Role, Both] = {
    Role.FULL: ("full", "ganz"),
    Role.PART: ("part", "Teil"),
    Role.EXCERPT: ("excerpt", "Ausschnitt"),
    Role.DUPLICATE: ("duplicate", "weitere Fassung"),
}

NONE: Both = ("none", "keine")
LATER: Both = ("later", "später")
NOT: Both = ("not", "nicht")

NO_EVENT: Mapping[NoEventReason, Both] = {
    NoEventReason.TRAILER: ("trailer", "Trailer"),
    NoEventReason.STATEMENT: ("statement", "Stellungnahme"),
    NoEventReason.IMAGE_FILM: ("image film", "Imagefilm"),
    NoEventReason.EXPLAINER: ("explainer", "Erklärfilm"),
    NoEventReason.THIRD_PARTY: ("third party", "fremd"),
    NoEventReason.OTHER: ("other", "anderes"),
}

SHEETS: tuple[Both, Both] = (("Queue", "Offen"), ("How to", "Anleitung"))
"""The names of the two sheets."""

HELP: tuple[Both, ...] = (
    (
        "Write into the columns “decision”, “role” and “note”; leave the others as they are. Rows"
        " without a decision stay as they are. Rows may be sorted, filtered and deleted.",
        "Geschrieben wird in die Spalten „Entscheidung“, „Rolle“ und „Notiz“; die anderen bleiben,"
        " wie sie sind. Zeilen ohne Entscheidung bleiben offen. Zeilen dürfen sortiert, gefiltert"
        " und gelöscht werden.",
    ),
    (
        "Take the file back with: harvester review import FILE. Every row is checked, and you are"
        " asked before anything is written. `harvester decide --undo` takes it all back.",
        "Zurück kommt die Datei mit: harvester review import DATEI. Jede Zeile wird geprüft, und"
        " vor dem Schreiben wird gefragt. `harvester decide --undo` nimmt alles zurück.",
    ),
)

MEANING: Both = ("means", "heißt")

IS_CANDIDATE: Both = ("candidate {} is right", "Vorschlag {} stimmt")
IS_NOT_CANDIDATE: Both = (
    "it is not candidate {}; the video stays open",
    "Vorschlag {} ist es nicht; das Video bleibt offen",
)
IS_LATER: Both = (
    "put off, until something about the video changes",
    "zurückgestellt, bis sich am Video etwas ändert",
)
IS_NO_EVENT: Mapping[NoEventReason, Both] = {
    NoEventReason.TRAILER: ("no event: it announces one", "keine Veranstaltung: eine Ankündigung"),
    NoEventReason.STATEMENT: (
        "no event: somebody speaks into the camera",
        "keine Veranstaltung: jemand spricht in die Kamera",
    ),
    NoEventReason.IMAGE_FILM: (
        "no event: presents a project, a place or an organisation",
        "keine Veranstaltung: stellt Projekt, Ort oder Einrichtung vor",
    ),
    NoEventReason.EXPLAINER: ("no event: explains something", "keine Veranstaltung: erklärt etwas"),
    NoEventReason.THIRD_PARTY: (
        "no event of ours: somebody else's",
        "keine eigene Veranstaltung, sondern eine von anderen",
    ),
    NoEventReason.OTHER: (
        "no event, for another reason",
        "keine Veranstaltung, aus einem anderen Grund",
    ),
}
ANY_ID: Both = ("the id of an event or talk", "die Kennung einer Veranstaltung oder eines Vortrags")
IS_ANY_ID: Both = (
    "this event or talk, though it is no candidate here",
    "diese Veranstaltung oder dieser Vortrag, auch ohne Vorschlag zu sein",
)

IS_ROLE: Mapping[Role, Both] = {
    Role.FULL: (
        "the video shows the whole of it (so it is where the role is left empty)",
        "das Video zeigt es ganz (das gilt auch, wenn die Rolle leer bleibt)",
    ),
    Role.PART: ("one of several videos that show it", "eines von mehreren Videos, die es zeigen"),
    Role.EXCERPT: ("a cut of it", "ein Ausschnitt daraus"),
    Role.DUPLICATE: (
        "a further upload of what another video shows",
        "noch einmal hochgeladen, was ein anderes Video schon zeigt",
    ),
}


def said(word: Both, language: Language) -> str:
    """Return a word in one language."""
    return word[LANGUAGES.index(language)]


def folded(text: str) -> str:
    """Return a text as it is compared: without case, with single spaces for any of them or _."""
    return " ".join(text.replace("_", " ").casefold().split())


def decisions(language: Language) -> list[tuple[str, str]]:
    """Return what may be written as a decision, each with its meaning, in one language."""
    numbers = range(1, CANDIDATES + 1)
    found = [(str(n), said(IS_CANDIDATE, language).format(n)) for n in numbers]
    found += [
        (f"{said(NOT, language)} {n}", said(IS_NOT_CANDIDATE, language).format(n)) for n in numbers
    ]
    found += [
        (f"{said(NONE, language)}: {said(word, language)}", said(IS_NO_EVENT[reason], language))
        for reason, word in NO_EVENT.items()
    ]
    return [*found, (said(LATER, language), said(IS_LATER, language))]


def roles(language: Language) -> list[tuple[str, str]]:
    """Return what may be written as a role, each with its meaning, in one language."""
    return [(said(word, language), said(IS_ROLE[role], language)) for role, word in ROLES.items()]


Key = TypeVar("Key", bound=str)


def lookup(words: Mapping[Key, Both]) -> dict[str, Key]:
    """Return which key is meant by a folded word of either language, or by the key itself."""
    return {folded(word): key for key, both in words.items() for word in (*both, key)}
