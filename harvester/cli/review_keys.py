"""The keys of the review on a terminal: what is offered, and what was typed."""

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harvester.cli.decide import seconds_of

if TYPE_CHECKING:  # slow to import
    from harvester.review.cards import Card

HELP = """\
Y or J  yes, it is this (Enter alone only where it is offered)
N       it is not this event; the pair is never proposed again
1-9     look at another candidate
D       a further upload of this, which another video shows already
P       only a part or an excerpt of this, or the whole event; asks which
K       it belongs to no event; asks why
T or L  the talks of this event: one of them, or several
E       its event is missing on record: make it from what the video tells
/WORDS  any event or talk on record, by words, date, id or address
C       it stays as it was decided, though something changed since
S       later: it comes back when something about it changes
B       hide what the rule thinks of it, or show it again
H       what was said last, by everybody
Z       take the last thing back, again and again
Q       quit; what was said is kept"""

SAMPLE_HELP = """\
Y, J or R  yes, the link is right
N or W     no, it is wrong: the video waits in the queue again
U          you cannot tell; that counts neither way
S          skip it: nothing is noted, another day it may be drawn again
Z          take the last thing back, again and again
Q          quit; what was said is kept"""


def offer(card: "Card", *, enter: bool, width: int, is_blind: bool = False) -> str:
    """Return the keys that do something here, in lines of this width."""
    keys = ["[C] it stays as decided"] if card.decision else []
    if card.candidates:
        keys += ["[Y]es (or Enter)" if enter else "[Y]es", "[N]ot this"]
        keys += [f"[1-{len(card.candidates)}] another"] if len(card.candidates) > 1 else []
        keys += ["[D]uplicate", "[P]art", "[T]alks"]
    keys += ["[K] no event", "[E] new event", "[/] search", "[S] later"]
    if card.candidates:
        keys += ["[B] show scores" if is_blind else "[B] hide scores"]
    return _lines([*keys, "[Z] undo", "[H]istory", "[Q]uit", "[?]"], width)


def explained(keys: str, width: int) -> str:
    """Return HELP or SAMPLE_HELP in lines of this width, each explanation beside its key."""
    found = []
    for line in keys.splitlines():
        beside = max(line.rfind("  ") + 2, 0)
        found.append(textwrap.fill(line, width, subsequent_indent=" " * beside))
    return "\n".join(found)


def sample_offer(width: int) -> str:
    """Return the keys that judge a link by rule, in lines of this width."""
    keys = ["[Y]es, it is right", "[N]o, it is wrong", "[U] cannot tell", "[S]kip"]
    return _lines([*keys, "[Z] undo", "[Q]uit", "[?]"], width)


def _lines(keys: Sequence[str], width: int) -> str:
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
