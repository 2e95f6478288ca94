"""The keys of the review on a terminal: what is offered, and what was typed."""

import re
from typing import TYPE_CHECKING

from harvester.cli.decide import seconds_of

if TYPE_CHECKING:  # slow to import
    from harvester.review.cards import Card

HELP = """\
Y or J  yes, it is this (Enter alone only where it is offered)
N       it is not this event; the pair is never proposed again
1-9     look at another candidate
D       a further upload of this, which another video shows already
K       it belongs to no event; asks why
L       the talks of this event: one of them, or several
/WORDS  any event or talk on record, by words, date, id or address
C       it stays as it was decided, though something changed since
S       later: it comes back when something about it changes
Z       take the last thing back, again and again
Q       quit; what was said is kept"""


def offer(card: "Card", *, enter: bool, width: int) -> str:
    """Return the keys that do something here, in lines of this width."""
    keys = ["[C] it stays as decided"] if card.decision else []
    if card.candidates:
        keys += ["[Y]es (or Enter)" if enter else "[Y]es", "[N]ot this"]
        keys += [f"[1-{len(card.candidates)}] another"] if len(card.candidates) > 1 else []
        keys += ["[D]uplicate", "[L]ist of talks"]
    keys += ["[K] no event", "[/] search", "[S] later", "[Z] undo", "[Q]uit", "[?]"]
    lines = [""]
    for key in keys:  # none is cut at the end of a line
        if lines[-1] and len(lines[-1]) + len(key) + 2 > width:
            lines.append("")
        lines[-1] += f"  {key}" if lines[-1] else key
    return "\n".join([*lines, ">"])


def number_of(typed: str, most: int) -> int | None:
    """Return the number that was typed, from 1; None if it is none of those."""
    return int(typed) if re.fullmatch("[0-9]{1,4}", typed) and 1 <= int(typed) <= most else None


_PICK = re.compile(r"(\d{1,4})(?:@([\d:]+)(?:-([\d:]+))?)?", re.ASCII)


def picked(typed: str, most: int) -> list[tuple[int, int | None, int | None]]:
    """Return numbers with start and end, "1@0:00-35:00 3"; [] if it is no such list."""
    found = []
    for part in typed.replace(",", " ").split():
        pick = _PICK.fullmatch(part)
        number = number_of(pick[1], most) if pick else None
        if pick is None or number is None:
            return []
        start, end = (None if text is None else seconds_of(text) for text in pick.groups()[1:])
        if (start is None and pick[2]) or (end is None and pick[3]):
            return []
        found.append((number, start, end))
    return found
