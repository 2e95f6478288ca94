"""The command for what an editor says of one video: decide."""

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from harvester.cli.program import Program, clock
from harvester.records import Link, NoEventReason, Role

if TYPE_CHECKING:  # slow to import
    from harvester.errors import BadInput
    from harvester.review.acts import Clash, Say


_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})")


def seconds_of(text: str) -> int | None:
    """Return a place in a video, 1:02:03, 62:03 or seconds, in seconds; None if it is none."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if (found[2] and seconds > 59) or (found[1] and minutes > 59):
        return None
    return hours * 3600 + minutes * 60 + seconds


class Time(click.ParamType[int]):
    """A place in a video."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return whole seconds."""
        seconds = value if isinstance(value, int) else seconds_of(value)
        if seconds is None:
            self.fail(f"'{value}' is no time; write 1:02:03, 62:03 or seconds", param, ctx)
        return seconds


class Stretch(NamedTuple):
    """A talk, and from where to where a video shows it."""

    talk: str
    start: int | None = None
    end: int | None = None


_STRETCH = re.compile(r"(.+)@([\d:]*)(?:-([\d:]*))?")


class TalkWithTimes(click.ParamType[Stretch]):
    """The id of a talk, perhaps with its place in the video: T@35:00-1:02:00."""

    name = "talk"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Stretch:
        """Return the talk and its times."""
        if isinstance(value, Stretch):
            return value
        found = _STRETCH.fullmatch(value)
        if found is None:
            return Stretch(value)
        start, end = (
            TIME.convert(text, param, ctx) if text else None for text in found.groups()[1:]
        )
        if start is None and end is None:
            self.fail(f"'{value}' has no time behind the @; write T@35:00-1:02:00", param, ctx)
        if end is not None and end <= (start or 0):
            self.fail(f"'{value}' ends before it begins", param, ctx)
        return Stretch(found[1], start, end)


TIME = Time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for, as it stands on the command line."""

    video: str | None
    event: str | None
    talks: tuple[Stretch, ...] = ()
    role: str | None = None
    start: int | None = None
    end: int | None = None
    take: bool = False
    anyway: bool = False
    no_event: str | None = None
    not_events: tuple[str, ...] = ()
    later: bool = False
    undo: bool = False
    note: str | None = None
    verdicts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        said = {
            "--event": self.event,
            "--no-event": self.no_event,
            "--not": self.not_events,
            "--later": self.later,
            "--undo": self.undo,
        }
        object.__setattr__(self, "verdicts", [name for name, given in said.items() if given])
        self._check()

    def _check(self) -> None:
        """Refuse by name what makes no sense together."""
        with_event = {
            "--talk": bool(self.talks),
            "--role": self.role is not None,
            "--start": self.start is not None,
            "--end": self.end is not None,
            "--take": self.take,
        }
        for name, given in with_event.items():
            if given and not self.event:
                raise click.UsageError(f"{name} goes with --event only")
        if not self.verdicts:
            raise click.UsageError("say one of --event, --no-event, --not, --later, --undo")
        if len(self.verdicts) > 1:
            raise click.UsageError(f"{' and '.join(self.verdicts)} exclude each other")
        if self.video is None and not self.undo:
            raise click.UsageError(f"{self.verdicts[0]} needs a VIDEO: its id or its address")
        for name, time in (("--start", self.start), ("--end", self.end)):
            if time is not None and len(self.talks) > 1:
                raise click.UsageError(f"{name} goes with one --talk; of several: T@35:00-1:02:00")
            if time is not None and any(talk[1:] != (None, None) for talk in self.talks):
                raise click.UsageError(f"{name} is said twice: --talk has times behind its @")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise click.UsageError("--end lies after --start")
        if self.anyway and self.undo:
            raise click.UsageError("--anyway does not go with --undo")
        if self.note is not None and not (self.event or self.no_event):
            raise click.UsageError("--note goes with --event or --no-event only")

    def say(self, video_id: str) -> "Say":
        """Return what is said of the video, which nobody has looked at for it."""
        return replace(self._say(video_id), is_unseen=not self.anyway)

    def _say(self, video_id: str) -> "Say":
        from harvester.review.acts import Say

        note = self.note or ""
        if self.event:
            return Say(
                video_id=video_id, what="match", links=self._links(), note=note, take=self.take
            )
        if self.no_event:
            reason = NoEventReason(self.no_event)
            return Say(video_id=video_id, what="no_event", reason=reason, note=note)
        if self.later:
            return Say(video_id=video_id, what="later")
        return Say(video_id=video_id, what="reject", event_ids=self.not_events)

    def _links(self) -> tuple[Link, ...]:
        assert self.event is not None
        role = Role(self.role or Role.FULL)
        whole = Link(event_id=self.event, role=role, start_s=self.start, end_s=self.end)
        if not self.talks:
            return (whole,)
        if len(self.talks) == 1 and (self.start, self.end) != (None, None):
            return (replace(whole, talk_id=self.talks[0].talk),)
        return tuple(
            replace(whole, talk_id=talk, start_s=start, end_s=end)
            for talk, start, end in self.talks
        )


@click.command(short_help="Say where a video belongs, or take that back.")
@click.argument("video", metavar="[VIDEO]", required=False)
@click.option("--event", metavar="E", help="It shows this event (its id).")
@click.option(
    "--talk",
    "talks",
    type=TalkWithTimes(),
    metavar="T[@TIME-TIME]",
    multiple=True,
    help="… this talk of it, from and to these times; repeatable.",
)
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    help="… the whole (default), one of several parts, a cut, or a further upload.",
)
@click.option(
    "--start",
    type=TIME,
    metavar="TIME",
    help="… the event, or the one talk, from here on: 1:02:03 or seconds.",
)
@click.option("--end", type=TIME, metavar="TIME", help="… up to here.")
@click.option("--take", is_flag=True, help="… though another video shows it: that one waits again.")
@click.option(
    "--no-event",
    type=click.Choice([reason.value for reason in NoEventReason]),
    help="It belongs to no event, for this reason.",
)
@click.option(
    "--not", "not_events", metavar="E", multiple=True, help="It is not of this event; repeatable."
)
@click.option("--later", is_flag=True, help="Put it off until something about it changes.")
@click.option("--anyway", is_flag=True, help="Also where this puts aside what another editor said.")
@click.option("--undo", is_flag=True, help="Take your last act back; again for the one before.")
@click.option("--note", metavar="TEXT", help="Keep a remark with it.")
@click.option("--as", "name", metavar="NAME", help="Who says so; default: the system's user name.")
@click.pass_obj
def decide(program: Program, /, name: str | None, **given: Any) -> None:
    """Say where VIDEO (an id or any YouTube address) belongs; it stays so until you say otherwise.

    \b
    harvester decide VIDEO --event E
    harvester decide VIDEO --event E --start 5:00 --end 1:02:03
    harvester decide VIDEO --event E --talk T --start 35:00 --end 1:02:03
    harvester decide VIDEO --event E --talk T1@5:00-35:00 --talk T2@35:00-1:02:03
    harvester decide VIDEO --no-event trailer
    harvester decide --undo

    Exits with 65, and writes nothing, if it clashes with what somebody else said: his
    decision, that it is not this event, that it is put off. --anyway says it all the same.
    """  # noqa: D301 - click reads a backspace, not a backslash
    from harvester import show_review
    from harvester.review import acts
    from harvester.store import reads_people
    from harvester.youtube.address import video_id

    options = Options(**given)
    found_id = video_id(options.video) if options.video is not None else None
    editor = editor_of(name)
    if options.undo:
        undo(program, editor, found_id)
        return
    assert found_id is not None
    said = options.say(found_id)
    with program.known_database() as database:
        try:
            done = acts.say(database, [said], editor=editor, now=clock())
        except acts.Clash as clash:
            raise _with_remedies(clash) from None
        with database.read() as session:
            found = reads_people.explanation(session, found_id)
            others = [reads_people.explanation(session, each) for each in done.requeued]
    assert found is not None
    titles = [each.title or each.video_id for each in others if each is not None]
    click.echo(show_review.done(said, found, taken_from=titles))
    click.echo(show_review.how_to_undo(name))


def _with_remedies(clash: "Clash") -> "BadInput":
    """Return why it was not said, each reason with the option that says it all the same."""
    from harvester.errors import BadInput

    remedies = {
        "changed_meanwhile": "; --anyway says it all the same",
        "taken": "; --take takes it from there, --role duplicate says that it is a further upload",
    }
    return BadInput(
        *(f"{each.video_id}: {each.said}{remedies.get(each.code, '')}" for each in clash.problems)
    )


def undo(program: Program, editor: str, video_id: str | None) -> None:
    """Take an editor's last act back; if a video is named, only if it was about that one."""
    from harvester import show_review
    from harvester.errors import BadInput
    from harvester.review import acts
    from harvester.store import reads_review

    with program.known_database() as database:
        with database.read() as session:
            last = reads_review.last_to_undo(session, editor)
            about = reads_review.videos_of_act(session, last.act_id) if last else []
        if last is None:
            click.echo(f"There is nothing to undo: nothing that {editor} said holds any more.")
            return
        if video_id is not None and video_id not in about:
            raise BadInput(
                f"{video_id}: the last thing that {editor} did was {show_review.act(last)};"
                " `harvester decide --undo` takes that back first"
            )
        undone = acts.undo(database, editor=editor, now=clock())
    assert undone is not None
    click.echo(show_review.undone(last))


def editor_of(name: str | None) -> str:
    """Return who is at work: as they say, or by the system's user name."""
    from harvester import settings
    from harvester.review.acts import editor_name

    return editor_name(settings.system_user() if name is None else name)
