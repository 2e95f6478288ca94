"""Invented worlds of any size: videos, events, talks, and which video shows what.

    world(videos=10_000)        10,000 videos, 1,000 events, 10,000 talks, always the same

EVERYTHING HERE IS INVENTED: ids of videos begin with `demo-` and are longer than
YouTube's, links end in `.example`.

Series have yearly editions or monthly meetings; organisers have channels.  Of the videos
15 % show an event that is not on record, mostly of a series that is, and 5 % show none.
Titles follow the habits of whoever uploaded the event, with cut titles, typos, ae for ä,
renamed talks and several talks in one video; descriptions say something more, or nothing.
Numbers for these habits come from looking at real channels.
"""

import datetime as dt
import random
from collections import deque
from typing import NamedTuple

from harvester.records import Event, LiveState, Talk, Video
from tests.invented_texts import STYLES, Edition, Series, Told, Writer

WITHHELD, NO_EVENT = 0.15, 0.05
_MINUTES = {"talk": (18, 50), "keynote": (30, 65), "lightning_talk": (4, 12)}
_NIGHT = dt.time(tzinfo=dt.UTC)


class Shown(NamedTuple):
    """What a video shows: nothing on record without an event; several talks, or no single one."""

    video_id: str
    event_id: str | None
    talk_ids: tuple[str, ...]
    language: str
    series: str
    withheld: bool = False  # its event is not on record


class World(NamedTuple):
    """All of it, in the order in which it was made up."""

    videos: list[Video]
    events: list[Event]
    talks: list[Talk]
    truth: list[Shown]


def world(videos: int, events: int = 0, talks: int = 0, *, seed: int = 1) -> World:
    """Return a world; with a tenth as many events as videos, and as many talks, if not told."""
    return _Maker(videos, events or max(1, videos // 10), talks or videos, seed).make()


class _Maker:
    """Draws a world from one source of chance; what is still to make is kept count of."""

    def __init__(self, videos: int, events: int, talks: int, seed: int) -> None:
        self.rng = random.Random(f"{seed} {videos} {events} {talks}")
        self.writer = Writer(self.rng)
        self.people: dict[str, list[str]] = {
            its.code: [
                f"{self.rng.choice(its.forenames)} {self.rng.choice(its.surnames)}"
                for _ in range(max(50, int(0.3 * talks * its.share)))
            ]
            for its in self.writer.languages
        }
        self.recent: dict[str, deque[Told]] = {
            its.code: deque(maxlen=500) for its in self.writer.languages
        }
        without, other = round(videos * WITHHELD), round(videos * NO_EVENT)
        hidden = round(events * WITHHELD / (1 - WITHHELD - NO_EVENT))
        # events, talks and videos still to make: on record, withheld
        self.left = [
            [events, talks, videos - without - other],
            [hidden, max(hidden, round(talks * hidden / events)), without if hidden else 0],
        ]
        self.others = videos - sum(its[2] for its in self.left)
        self.names: set[str] = set()
        self.made = World([], [], [], [])

    def make(self) -> World:
        """Make series after series, until all events are made."""
        number = 0
        while self.left[0][0] + self.left[1][0]:
            number += 1
            series, editions = self.series(number)
            for _ in range(min(editions, self.left[0][0] + self.left[1][0])):
                self.edition(series)
        return self.made

    # --- series and events ----------------------------------------------------

    def series(self, number: int) -> tuple[Series, int]:
        """Return a series to be, and how many editions it has."""
        rng = self.rng
        languages = self.writer.languages
        language = rng.choices(languages, [its.share for its in languages])[0]
        meetup = rng.random() < 0.35
        editions = rng.randint(4, 20) if meetup else min(15, 1 + int(rng.expovariate(0.2)))
        years = editions // 12 + 1 if meetup else editions
        town = rng.choice(self.writer.towns)
        name = self.writer.written(
            rng.choice(language.meetups if meetup else language.series), language
        )
        name = name.replace("{town}", town)
        while name in self.names:
            name = f"{name} {rng.choice(self.writer.towns)}"
        self.names.add(name)
        words = name.replace("-", " ").split()
        initials = "".join(word[0] for word in words).upper()
        short = initials if len(words) > 2 else max(words, key=len)
        organiser = number - number % 3
        series = Series(
            number=number,
            language=language,
            name=name,
            short=short,
            meetup=meetup,
            numbered=rng.random() < (0.4 if meetup else 0.15),
            channel_id=f"UCdemo-invented-{organiser:07}",
            town=town,
            topics=rng.choices(language.words, k=25),
            people=rng.choices(self.people[language.code], k=25),
            boilerplate=self.writer.sentences(language, rng.randint(12, 40))
            if rng.random() < 0.6
            else "",
            next_day=dt.date(
                rng.randint(2005, 2025 - years), rng.randint(1, 12), rng.randint(1, 28)
            ),
            count=rng.choice((0, 0, 0, 4, 11)),
        )
        return series, editions

    def edition(self, series: Series) -> None:
        """Make the next event of a series, on record or not, with its talks and videos."""
        rng = self.rng
        withheld = rng.random() * (self.left[0][0] + self.left[1][0]) < self.left[1][0]
        left = self.left[withheld]
        series.count += 1
        first = series.next_day
        later = 1 if series.meetup else 12  # months; so no two editions have one name
        year, month = divmod(12 * first.year + first.month - 1 + later, 12)
        series.next_day = dt.date(year, month + 1, rng.randint(1, 28))
        days = 1 if series.meetup else rng.choice((1, 1, 2, 2, 3))
        if not series.meetup and rng.random() < 0.2:
            series.town = rng.choice(self.writer.towns)
        edition = Edition(
            series=series,
            event=self.event(series, first, days),
            first=first,
            days=days,
            talks=[],
            style=rng.choice(STYLES),
            mention=self.writer.mention(series, first),
            uploaded=self.uploaded(first, days),
            batch=rng.choice((1000, 1000, 5, 3, 1)),
            described=rng.random() < 0.75,
            dated=rng.random() < 0.45,
        )
        share = rng.uniform(0.1, 0.5) if series.meetup else rng.uniform(0.9, 2.7)
        size = max(1, min(round(share * left[1] / left[0]), left[1] - left[0] + 1))
        if left[0] == 1:
            size = left[1]
        for _ in range(size):
            self.talk(edition)
        if not withheld:
            self.made.events.append(edition.event)
            self.made.talks.extend(edition.talks)
        self.film(edition, left, withheld=withheld)
        left[0] -= 1
        self.film_others(edition)

    def event(self, series: Series, first: dt.date, days: int) -> Event:
        rng, language = self.rng, series.language
        slug = f"inv-{series.number}-{series.count}"
        motto = self.writer.written(rng.choice(language.mottos), language)
        aliases: list[str] = []
        if series.meetup:
            title = series.meeting(first)
        elif series.numbered:
            title = f"{series.count}. {series.name}"
        else:
            title = f"{series.name} {first.year}"
            if rng.random() < 0.25:
                title = f"{title}: {motto}"
            elif rng.random() < 0.25:
                aliases.append(motto)
        if rng.random() < 0.3 and not series.meetup:
            aliases.append(f"{series.short}{first.year % 100:02}")
        return Event(
            event_id=slug,
            title=title,
            series=series.name,
            aliases=tuple(aliases),
            kind="meetup" if series.meetup else "conference",
            city=series.town,
            start_on=first.isoformat(),
            end_on=(first + dt.timedelta(days - 1)).isoformat(),
            url=f"https://s{series.number}.example/{first.year}/{series.count}",
        )

    def uploaded(self, first: dt.date, days: int) -> dt.datetime:
        """Return when the first video goes up: some weeks later, seldom years."""
        rng = self.rng
        later = min(1800.0, rng.lognormvariate(3.4, 1.2))
        if rng.random() < 0.04:
            later += rng.uniform(400, 1800)
        return dt.datetime.combine(first, _NIGHT) + dt.timedelta(days - 0.5 + later)

    # --- talks ----------------------------------------------------------------

    def talk(self, edition: Edition) -> None:
        told, rng, place = self.told(edition.series), self.rng, len(edition.talks)
        edition.told.append(told)
        edition.days_held.append(rng.randrange(edition.days))
        held = edition.first + dt.timedelta(edition.days_held[-1])
        edition.talks.append(
            Talk(
                talk_id=f"{edition.event.event_id}-t{place}",
                event_id=edition.event.event_id,
                title=told.title,
                speakers=told.speakers if rng.random() < 0.92 else (),
                held_on=held.isoformat() if rng.random() < 0.9 else None,
                kind=told.kind,
            )
        )

    def told(self, series: Series) -> Told:
        """Return what the next talk is about, sometimes what was told elsewhere before."""
        rng, language = self.rng, series.language
        recent = self.recent[language.code]
        chance = rng.random()
        if chance < 0.07 and recent:
            return recent[int(rng.random() * len(recent))]
        people = tuple(
            rng.choice(series.people if rng.random() < 0.3 else self.people[language.code])
            for _ in range(1 if chance < 0.8 else 2)
        )
        if chance > 0.957:
            told = Told(rng.choice(language.generic), people, "keynote")
        else:
            title = self.writer.written(rng.choice(language.talks), language, series.topics)
            kind = "lightning_talk" if rng.random() < 0.08 else "talk"
            told = Told(title, people, kind)
        recent.append(told)
        return told

    # --- videos ---------------------------------------------------------------

    def film(self, edition: Edition, left: list[int], *, withheld: bool) -> None:
        """Make the videos of an event, and count off what is made."""
        rng = self.rng
        for place in range(len(edition.talks)):
            chance = left[2] / left[1]
            times = int(chance) + (rng.random() < chance % 1)
            left[1] -= 1
            left[2] -= times
            for _ in range(times):
                self.video(edition, place, withheld=withheld)

    def video(self, edition: Edition, place: int, *, withheld: bool) -> None:
        rng = self.rng
        places, whole, chance = [place], False, rng.random()
        if chance < 0.02:
            places = list(range(place, min(place + rng.randint(2, 4), len(edition.talks))))
        elif chance < 0.03:
            whole = True
        title = self.writer.title(edition, places, whole=whole)
        low, high = _MINUTES[edition.told[place].kind]
        seconds = rng.randint(60 * low, 60 * high) * len(places) * (6 if whole else 1)
        streamed = whole and rng.random() < 0.5
        talk_ids = () if whole else tuple(edition.talks[p].talk_id for p in places)
        self.publish(
            edition,
            title,
            self.writer.description(edition, places, seconds),
            seconds,
            streamed=streamed,
            shows=(None, ()) if withheld else (edition.event.event_id, talk_ids),
            withheld=withheld,
        )

    def publish(
        self,
        edition: Edition,
        title: str,
        description: str,
        seconds: int,
        *,
        shows: tuple[str | None, tuple[str, ...]],
        streamed: bool = False,
        withheld: bool = False,
    ) -> None:
        """Add a video, uploaded some minutes or a week after the one before."""
        rng, series = self.rng, edition.series
        number = len(self.made.videos)
        later = 7.0 if number % edition.batch == 0 else 0.004
        edition.uploaded += dt.timedelta(later + rng.random() * 0.004)
        began = dt.datetime.combine(edition.first, _NIGHT) + dt.timedelta(hours=9)
        # an odd factor makes a permutation: ids say nothing about who stands beside whom
        video_id = f"demo-{(number + 1) * 2_654_435_761 % 2**32:08x}"
        self.made.videos.append(
            Video(
                video_id=video_id,
                channel_id=series.channel_id,
                title=title[:100],
                description=description,
                published_at=began if streamed else edition.uploaded.replace(microsecond=0),
                duration_s=seconds,
                live_state=LiveState.ENDED if streamed else LiveState.NONE,
                live_started_at=began if streamed else None,
                language=series.language.code,
            )
        )
        self.made.truth.append(
            Shown(video_id, *shows, series.language.code, f"s{series.number}", withheld)
        )

    def film_others(self, edition: Edition) -> None:
        """Make the videos of the channel that show no event, as many as fall to this one."""
        rng, language = self.rng, edition.series.language
        events = self.left[0][0] + self.left[1][0] + 1
        share = self.others / events
        many = self.others if events == 1 else int(share) + (rng.random() < share % 1)
        self.others -= many
        for _ in range(many):
            title = self.writer.written(
                rng.choice(language.others), language, edition.series.topics
            )
            title = title.replace("{person}", rng.choice(self.people[language.code]))
            text = self.writer.sentences(language, rng.randint(20, 80))
            self.publish(edition, title, text, rng.randint(60, 600), shows=(None, ()))
