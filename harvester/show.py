"""What people read on a terminal: tables and sentences made of rows and records.

In:   rows of the views (dicts), records.
Out:  things that rich can print.

Decides nothing and asks nothing: lengths, dates, odds and closed lists are put
into words here, and only here.  Titles are strings of the outside: print with
`console()`, which takes no part of a text for markup.
"""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harvester.records import Candidate, Event, Link, Reason, Role, Talk, Term
from harvester.review.filters import percents
from harvester.settings import Loaded, shown
from harvester.store.reads_people import Explanation
from harvester.upkeep import Status, age

if TYPE_CHECKING:  # slow to import
    from harvester.harvest import Plan

Row = Mapping[str, Any]

CAPTIONS = {
    "flag_only_yes": "yes",
    "flag_only_no": "no",
    "unknown": "?",
    "live_pending": "later",
}

REASONS = {
    Reason.NO_CANDIDATE: "nothing on record is like it",
    Reason.WEAK: "the best guess is unlikely",
    Reason.DOUBTFUL: "likely, but not sure enough",
    Reason.TIE: "two events or talks fit about equally well",
    Reason.CONTRADICTION: "something speaks plainly against the best guess",
    Reason.TAKEN: "another video already shows it",
    Reason.NOT_RECORDED_YET: "has not taken place yet",
    Reason.NOT_LINKED_YET: "came in after the last linking",
    Reason.PROPOSED: "the rule is sure, and leaves it to an editor",
}

ROLES = {
    Role.FULL: "the whole of it",
    Role.PART: "a part of it",
    Role.EXCERPT: "an excerpt",
    Role.DUPLICATE: "a further upload",
}


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError  # rich would end the program with 1; what to do is the door's matter


def console(*, stderr: bool = False) -> Console:
    """Return a console that shows every text as it is.

    It is as wide as the terminal or COLUMNS says, and wide enough for a table where nobody does.
    """
    width = None if stderr else shutil.get_terminal_size((140, 50)).columns
    return _Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def length(seconds: int | None) -> str:
    """Return a length as people say it: 3723 -> "1:02 h", 754 -> "13 min", None -> "–"."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes} min"


def day(instant: dt.datetime | str | None) -> str:
    """Return the day of an instant, or a partial date as it is."""
    if instant is None:
        return "–"
    return f"{instant:%Y-%m-%d}" if isinstance(instant, dt.datetime) else str(instant)


def percent(probability: float | None) -> str:
    """Return a probability in words that do not promise more than it does."""
    if probability is None:
        return "–"
    if probability > 0.99:
        return "> 99 %"
    return f"{percents(probability):.0f} %" if probability >= 0.01 else "< 1 %"


def odds(weight: float) -> str:
    """Return a match weight in words: 3.0 -> "8 times likelier", -1.0 -> "2 times less likely"."""
    factor = 2 ** min(abs(weight), 99)
    if factor < 1.05:  # "1.0 times"
        return "says nothing"
    times = (
        f"{factor:.1f}" if factor < 9.5 else f"{factor:,.0f}" if factor < 1e6 else "over a million"
    )
    return f"{times} times {'likelier' if weight > 0 else 'less likely'}"


def matched(rows: Sequence[Row], talks: Mapping[str, Talk]) -> Table:
    """Return the view `recordings` as a table; `talks` by id."""
    table = _table("Video", "Length", "Captions", "Shows", "Sure")
    for row in rows:
        shows = Text(row["event_title"])
        if row["talk_id"]:
            talk = _talk_name(talks.get(row["talk_id"]), row["talk_id"])
            shows.append(f"\n› {talk}", style="dim")
        if row["role"] != "full":
            shows.append(f" ({ROLES[Role(row['role'])]})", style="italic")
        table.add_row(
            row["title"] or row["video_id"],
            length(row["duration_s"]),
            CAPTIONS[row["caption_state"]],
            shows,
            percent(row["probability"]),
        )
    return table


def waiting(rows: Sequence[Row], events: Mapping[str, str]) -> Table:
    """Return videos that have a proposal, from the view `unmatched_videos`, as a table."""
    table = _table("Video", "Id", "Length", "Best guess", "Sure", "Why it waits")
    for row in rows:
        best = row["best_event_id"]
        table.add_row(
            row["title"],
            row["video_id"],
            length(row["duration_s"]),
            events.get(best, best) if best else "–",
            percent(row["best_probability"]),
            REASONS[Reason(row["reason"])],
        )
    return table


def without_event(rows: Sequence[Row]) -> Table:
    """Return videos that nothing on record is like as a table."""
    table = _table("Video", "Id", "Length", "Why")
    for row in rows:
        table.add_row(
            row["title"],
            row["video_id"],
            length(row["duration_s"]),
            REASONS[Reason(row["reason"])],
        )
    return table


def unmatched(out: Console, rows: Sequence[Row], *, events: Mapping[str, str], limit: int) -> None:
    """Print the queue: likely proposals first."""
    if not rows:
        out.print("No video waits for an editor.")
        return
    ordered = sorted(rows, key=lambda row: -(row["best_probability"] or 0))
    out.print(waiting(ordered[:limit], events))
    out.print(
        f"{min(limit, len(rows))} of {len(rows)} videos that wait. "
        "`harvester explain ID` says why, term by term."
    )


def demo(
    out: Console,
    tables: Mapping[str, Sequence[Row]],
    *,
    events: Mapping[str, str],
    talks: Mapping[str, Talk],
    units: int,
    place: str,
    program: str,
) -> None:
    """Print what the demo found."""
    videos, recordings = tables["videos"], tables["recordings"]
    queue = sorted(tables["unmatched_videos"], key=lambda row: -(row["best_probability"] or 0))
    likely = [row for row in queue if row["reason"] in _PROPOSED]
    none = [row for row in queue if row["reason"] not in _PROPOSED]
    out.print(
        Text(
            f"A channel of {len(videos)} invented videos, {len(events)} real events with"
            f" {len(talks)} talks of the Zukunftswerkstatt Kommunen; {units} units of quota, had it"
            " been YouTube."
        )
    )
    decided = len({row["video_id"] for row in recordings})
    for head, table in (
        (f"Matched by rule: {decided} videos", matched(recordings, talks)),
        (f"Waiting for an editor: {len(likely)} videos", waiting(likely, events)),
        (f"Without event: {len(none)} videos", without_event(none)),
    ):
        out.print()
        out.print(Text(head, style="bold"))
        out.print(table)
    out.print(_captions(videos))
    out.print()
    command = f"{program} --database {place}"
    out.print(Text(f"The database: {place}", style="bold"))
    if likely:
        out.print(Text(f"  {command} explain {likely[0]['video_id']}"))
    out.print(Text(f"  {command} export caption_coverage"))
    out.print(Text(f"  {command} review"))


_PROPOSED = (Reason.DOUBTFUL, Reason.TIE, Reason.CONTRADICTION, Reason.TAKEN)


def _captions(videos: Sequence[Row]) -> Text:
    there = [row for row in videos if row["availability"] in ("public", "unlisted")]
    states = Counter(row["caption_state"] for row in there)
    away = Counter(row["availability"] for row in videos if row not in there)
    lost = " and ".join(f"{count} {state}" for state, count in sorted(away.items()))
    return Text(
        f"Captions: {states['flag_only_yes']} of {len(there)} videos have captions by YouTube's"
        f" flag, {states['flag_only_no']} have none or automatic ones only,"
        f" {states['unknown'] + states['live_pending']} not known or still to come"
        f"{f' (and {lost})' if lost else ''}."
    )


def plan(out: Console, found: "Plan") -> None:
    """Print what the next run would ask of YouTube and cost."""
    table = _table("Channel", "What", "Asked with", "Calls", "Units")
    for line in found.lines:
        least = "≥ " if line.at_least else ""
        table.add_row(
            line.channel, line.what, line.method, f"{least}{line.calls}", f"{least}{line.units}"
        )
    out.print(table)
    for bucket, units in found.units.items():
        least = "at least " if found.at_least else ""
        left = f"; {found.left[bucket]:,} are left today" if bucket in found.left else ""
        out.print(f"bucket {bucket}: {least}{units:,} unit{'s' if units != 1 else ''}{left}")
    if not found.is_covered:
        out.print(
            "The run would stop when they are used up and go on after"
            f" {found.resets_at:%Y-%m-%d %H:%M} UTC."
        )


def events(out: Console, found: Sequence[Event], talks: Sequence[Talk]) -> None:
    """Print the events on record."""
    counts = Counter(talk.event_id for talk in talks)
    table = _table("Date", "Event", "Talks")
    for event in sorted(found, key=lambda event: (event.start_on or "9999", event.event_id)):
        title = Text(event.title)
        about = ", ".join(filter(None, [event.series, event.city]))
        title.append(f"\n{event.event_id}   {about}".rstrip(), style="dim")
        table.add_row(event.start_on or "–", title, str(counts[event.event_id] or ""))
    out.print(table)
    out.print(f"{len(found)} events, {len(talks)} talks")


def status(out: Console, found: Status) -> None:
    """Print how fresh the data are."""
    state, counts = found.freshness, found.counts
    out.print("fresh" if found.fresh else "stale: " + "; ".join(found.findings))
    if state.running:
        out.print(f"running now: {state.running}")
    for name, last in (("last run", state.last_run), ("last complete run", state.last_done)):
        if last is not None and last.finished_at is not None:
            out.print(
                f"{name}: no. {last.run_id} ({last.command}), {last.outcome},"
                f" {age(found.now - last.finished_at)} ago"
            )
    for channel in state.channels:
        oldest = channel.oldest_refresh_at
        refreshed = f", oldest refreshed {age(found.now - oldest)} ago" if oldest else ""
        out.print(f"{channel.title}: {channel.videos} videos{refreshed}")
    out.print(
        f"{counts.matched} matched, {counts.to_review} to review, {counts.unmatched} without event,"
        f" {counts.no_event} decided to be of no event, {counts.gone} gone"
    )
    out.print(
        f"quota used today: {found.quota_used.get('main', 0):,} of {found.daily_quota:,} units"
    )


def settings(out: Console, loaded: Loaded) -> None:
    """Print every setting in force and where it comes from."""
    table = _table("Setting", "Value", "From")
    for section, content in loaded.settings:
        if section == "channels":
            table.add_row(section, shown(section, content), loaded.origins[section])
            continue
        for key, value in content:
            name = f"{section}.{key}"
            table.add_row(name, shown(name, value), loaded.origins[name])
    out.print(table)


def explanation(found: Explanation) -> RenderableType:
    """Return why a video was linked or not, for someone who knows nothing of record linkage."""
    parts: list[RenderableType] = [
        Text(found.title or "(title not known)", style="bold"),
        Text(
            f"https://youtu.be/{found.video_id}\npublished {day(found.published_at)},"
            f" {length(found.duration_s)}",
            style="dim",
        ),
        Text(""),
        Text(_verdict(found)),
        Text(""),
    ]
    candidates = found.linking.candidates if found.linking else ()
    for candidate in candidates:
        parts += [_candidate_head(candidate, found), Padding(_terms(candidate.terms), (0, 0, 1, 3))]
    if candidates:
        parts.append(Text(_HOW_TO_READ, style="dim"))
    return Group(*parts)


_HOW_TO_READ = (
    "How to read this: each line is one thing that was compared. A weight of +1 doubles the odds"
    " that the video shows the event, -1 halves them, and the weights add up. The sum starts low,"
    " since any one event is unlikely before anything was compared."
)


def _verdict(found: Explanation) -> str:
    decision, linking = found.decision, found.linking
    if decision is not None:
        rule = decision.decided_by.startswith("rule:")
        who = "by rule" if rule else f"by {decision.decided_by}"
        if decision.verdict == "match":
            shown = " and ".join(_shown(link, found) for link in decision.links)
            return f"Linked {who} on {day(decision.decided_at)}: it shows {shown}."
        return f"Decided {who} on {day(decision.decided_at)}: it belongs to no event."
    if found.availability in ("private", "deleted"):
        return f"Not linked: the video is {found.availability}."
    if linking is None or linking.reason is None:
        return "Not linked yet: run `harvester link`."
    why = REASONS[linking.reason]
    return f"{'Waits for an editor' if linking.outcome == 'review' else 'No event'}: {why}."


def _shown(link: Link, found: Explanation) -> str:
    event = found.events.get(link.event_id)
    shown = f"“{event.title if event else link.event_id}”"
    if link.talk_id:
        shown = f"“{_talk_name(found.talks.get(link.talk_id), link.talk_id)}” at {shown}"
    return shown if link.role is Role.FULL else f"{shown} ({ROLES[link.role]})"


def _talk_name(talk: Talk | None, talk_id: str) -> str:
    if talk is None:
        return talk_id
    return ", ".join(filter(None, [talk.title or (talk.kind or "talk"), *talk.speakers]))


def _event_name(event: Event | None, event_id: str) -> str:
    if event is None:
        return event_id
    return f"{event.title} ({event.start_on})" if event.start_on else event.title


def _candidate_head(candidate: Candidate, found: Explanation) -> Text:
    head = Text(f"{candidate.rank}. ", style="bold")
    head.append(_event_name(found.events.get(candidate.event_id), candidate.event_id), style="bold")
    if candidate.talk_id:
        talk = _talk_name(found.talks.get(candidate.talk_id), candidate.talk_id)
        head.append(f"\n   talk: {talk}")
    head.append(f"\n   {candidate.event_id}", style="dim")
    head.append(f"   probability {percent(candidate.probability)}")
    return head


def _terms(terms: Sequence[Term]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold", ratio=1)
    for term in terms:
        table.add_row(
            f"{term.weight:+.1f}", term.name.replace("_", " "), odds(term.weight), term.evidence
        )
    total = sum(term.weight for term in terms)
    table.add_row(Text(f"{total:+.1f}", style="bold"), Text("sum", style="bold"), "", "")
    return table


def _table(*columns: str) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold", expand=False
    )
    for column in columns:
        number = column in ("Length", "Sure", "Calls", "Units", "Talks")
        table.add_column(
            column,
            justify="right" if number else "left",
            no_wrap=number or column in ("Captions", "Id", "Date"),
            overflow="fold",
        )
    return table
