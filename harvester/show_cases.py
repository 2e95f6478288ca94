"""Labelled videos for people who tune the linkage: what is right, what they got, what is wrong.

In:   labels, linkings and errors, with the material that names their records.
Out:  things that rich can print; shared by show_tuning.py and show_training.py.
"""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.evaluate import Error
from harvester.labels import Material
from harvester.linkage.judging import Grade, Task
from harvester.records import Candidate, Label, Term
from harvester.review.filters import percents

TASKS = {Task.EVENT: "Video → event", Task.TALK: "Video → talk"}

GRADES = {
    Grade.LINKED_WRONG: "linked wrongly",
    Grade.PROPOSED_WRONG: "wrong proposal",
    Grade.MISSED: "nothing found",
    Grade.OTHER_TALK: "another talk",
    Grade.NO_TALK: "without its talk",
    Grade.PROPOSED: "proposed rightly",
    Grade.LINKED: "linked rightly",
    Grade.LEFT: "rightly none",
}

_TERMS = 3  # shown of a wrong candidate


def about(out: Console, material: Material) -> None:
    """Print what the labels are, and what of them cannot be measured."""
    labels = material.labels
    without = sum(not label.event_ids for label in labels)
    out.print(
        f"{material.source}: {count(len(labels), 'labelled video')}, of them {without:,} without"
        f" their event on record; {len({label.series for label in labels}):,} series,"
        f" {count(len({label.language for label in labels}), 'language')}."
    )
    for sentence in material.left_out:
        out.print(sentence)


def errors(
    out: Console, found: Sequence[Error], number: int, material: Material, *, how: str
) -> None:
    """Print the worst errors; `number` is how many there are, `how` by which weights."""
    out.print()
    if not found:
        out.print("No error: every video came out as the labels say.")
        return
    head = f"The worst {len(found)} of {number:,} errors" if number > 1 else "The only error"
    out.print(Text(f"{head}, {how}", style="bold"))
    table = table_of(
        "Video", "What is wrong", "What it got", "Sure", "What is right", right=("Sure",)
    )
    for error in found:
        best = error.proposed
        its = got(best, material) if best else Text("no candidate")
        if best:
            its.append(f"\n{_strongest(best.terms)}", style="dim")
        table.add_row(
            video(error.label, material),
            GRADES[error.grade],
            its,
            _sure(best.probability) if best else "–",
            _truth(error, material),
        )
    out.print(table)


def _sure(probability: float) -> str:
    return "> 99.9 %" if probability > 0.999 else f"{percents(probability, 1):.1f} %"


def video(label: Label, material: Material) -> Text:
    """Return a video's title and id."""
    text = Text(material.videos[label.video_id].title)
    text.append(f"\n{label.video_id}", style="dim")
    return text


def got(best: Candidate, material: Material) -> Text:
    """Return the event, and the talk, that a candidate names."""
    text = Text(_event(best.event_id, material))
    if best.talk_id:
        text.append(f"\n› {_talk(best.talk_id, material)}", style="dim")
    return text


def _event(event_id: str, material: Material) -> str:
    event = material.events.get(event_id)
    if event is None:
        return event_id
    return f"{event.title} ({event.start_on})" if event.start_on else event.title


def _talk(talk_id: str, material: Material) -> str:
    talk = material.talks.get(talk_id)
    return (talk.title or talk.kind or talk_id) if talk else talk_id


def _truth(error: Error, material: Material) -> Text:
    label, best = error.label, error.proposed
    if not label.event_ids:
        return Text("its event is not on record")
    is_right_event = best is not None and best.event_id in label.event_ids
    text = Text("that event" if is_right_event else _event(min(label.event_ids), material))
    if label.counts_for_talk and (is_right_event or label.talk_ids):
        talk = _talk(min(label.talk_ids), material) if label.talk_ids else "no single talk"
        text.append(f"\n› {talk}", style="dim")
    if not is_right_event:
        place = f"candidate no. {error.rank}" if error.rank else "not among the candidates"
        text.append(f"\n{place}", style="dim")
    return text


def _strongest(terms: Sequence[Term]) -> str:
    """Return what weighed most, without what weighs the same for all."""
    telling = [term for term in terms if term.name != "prior" and abs(term.weight) >= 0.05]
    strongest = sorted(telling, key=lambda term: -abs(term.weight))[:_TERMS]
    return ", ".join(f"{t.name.replace('_', ' ')} {t.weight:+.1f}" for t in strongest)


# --- parts ------------------------------------------------------------------------


def count(number: int, noun: str) -> str:
    """Return how many there are: "1 video", "3,506 videos"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def table_of(*columns: str, right: Sequence[str] = (), name: bool = False) -> Table:
    """Return a table; figures stand at the right.  With `name`, its first column is one word."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(
            column,
            justify="right" if column in right else "left",
            no_wrap=(name and place == 0) or column in right,
            overflow="fold",
        )
    return table
