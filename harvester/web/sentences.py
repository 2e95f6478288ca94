"""The sentences that the linkage puts evidence into, with names for what varies in them.

In:   nothing.
Out:  `SENTENCES` and `KINDS`, English, for evidence.py to find them again in the database.

A sentence stands here as `harvester/linkage/` makes it; a test holds both together.
"""

from collections.abc import Mapping

from harvester.web.catalogue import msgid

KINDS: Mapping[str, str] = {
    "keynote": msgid("keynote"),
    "lightning talk": msgid("lightning talk"),
    "panel": msgid("panel"),
    "podium": msgid("panel"),
    "workshop": msgid("workshop"),
    "questions": msgid("questions"),
    "welcome": msgid("welcome"),
    "closing": msgid("closing"),
    "opening": msgid("opening"),
    "podcast": msgid("podcast"),
    "interview": msgid("interview"),
    "talk": msgid("talk"),
    "greeting": msgid("greeting"),
    "grusswort": msgid("greeting"),
    "impuls": msgid("short talk"),
    "vortrag": msgid("talk"),
    "impulse": msgid("short talk"),
    "discussion": msgid("discussion"),
    "moderation": msgid("moderation"),
    "meeting": msgid("meeting"),
    "conference": msgid("conference"),
    "assembly": msgid("assembly"),
    "webinar": msgid("webinar"),
    "visit": msgid("visit"),
    "kickoff": msgid("kick-off"),
    "interim review": msgid("interim review"),
    "public day": msgid("public day"),
    "other": msgid("other"),
}
"""What talks and events are called, by the linkage or by their records."""

SENTENCES: tuple[str, ...] = (
    # names of events
    msgid('the video\'s title holds "{name}", but that is common here'),
    msgid('the video\'s title holds the name "{name}", which {count} events on record share'),
    msgid('the video\'s title holds a name that only this event has: "{name}"'),
    msgid(
        "the video's title holds {count} of {total} telling words of the event's name"
        ' "{name}": {listed}'
    ),
    msgid('the title names a longer name, of another event: "{name}"'),
    msgid('the title names another event: "{name}"'),
    # surroundings
    msgid("the description links the event's page, {url}"),
    msgid('the description names "{name}"'),
    msgid("chapters in the description name {count} talks of the event"),
    msgid("chapters in the description name a talk of the event"),
    msgid('it is in the playlist "{name}", of another year'),
    msgid('it is in the playlist "{name}"'),
    msgid("the title names the place, {place}"),
    msgid("the description names the place, {place}"),
    msgid("the title names another place, {listed}; the event was in {place}"),
    msgid("the title calls it something that is no recording: {listed}"),
    msgid(
        "{share}% of the videos that were uploaded with it or are titled alike belong to this event"
    ),
    msgid(
        "{share}% of the videos that were uploaded with it or are titled alike belong to other"
        " events"
    ),
    msgid(
        "{share}% of the videos that were uploaded with it or are titled alike belong to no event"
        " on record"
    ),
    # what is left of the title
    msgid("nothing telling is left of the video's title"),
    msgid("little is left of the title: {listed}"),
    msgid("most of the title has nothing to do with it: {listed}"),
    # years, numbers, days
    msgid("the title names the event's year, {years}"),
    msgid("the title names {years}; the event was in {event_years}"),
    msgid('both have the number {number} with "{name}"'),
    msgid('the title has the number {number} with "{name}", the event {other}'),
    msgid("the title gives the event's date, {date}"),
    msgid("the title gives another date, {date}; the event was on {event_date}"),
    msgid("the title gives the event's month ({event_date})"),
    msgid("the title gives another month, {date}; the event was on {event_date}"),
    msgid("the description gives the event's date ({event_date})"),
    msgid("the video was streamed live on {date}; the event was on {event_date}"),
    msgid("the video was streamed live on {date}, but the event was on {event_date}"),
    msgid("the video was recorded on {date}, says YouTube; the event was on {event_date}"),
    msgid("the video was recorded on {date}, says YouTube, but the event was on {event_date}"),
    msgid("the video was published 1 day before the event began"),
    msgid("the video was published {days} days before the event began"),
    msgid("the video was published in the days of the event"),
    msgid("the video was published 1 day after the event"),
    msgid("the video was published {days} days after the event"),
    # talks
    msgid("the title names none of the event's talks on record"),
    msgid('the video\'s title holds the whole title of the talk: "{name}"'),
    msgid(
        "the video's title holds {count} of {total} telling words of the talk's title: \"{name}\""
    ),
    msgid('the video\'s title holds "{name}", as only this one of the event is called'),
    msgid('the video\'s title holds "{name}", as several are called'),
    msgid("the title calls it {kinds}, and only this one of the event is called so"),
    msgid("the title calls it {kinds}, and several are called so"),
    msgid('the description holds the talk\'s title: "{name}"'),
    msgid("the title names the speaker, {people}"),
    msgid("the title has the speaker's surname, {people}"),
    msgid("the title names {people}, who is not a speaker of this talk"),
    msgid("the description names {people}"),
    msgid("the title says day {day}, when the talk was held"),
    msgid("the title says day {day}; the talk was held on another"),
    msgid("the title says the day of the week, when the talk was held"),
    msgid("the title says the day of the week; the talk was held on another"),
    msgid("both titles say part {part}"),
    msgid("the title says part {part}, the talk's {other}"),
    msgid("both are called {kinds}"),
    msgid("the title says {kinds}, the talk is on record as none"),
    msgid("the talk is a {kinds}; the title does not say so"),
    msgid("{minutes} minutes are usual for {kind}"),
    msgid("{minutes} minutes are unusual for {kind}"),
    # weighing and deciding
    msgid("what is known before anything is compared"),
    msgid('there are other candidates, first of all "{name}" ({date})'),
    msgid('there are other candidates, first of all "{name}"'),
    msgid("another year in the title: an editor has to look at it"),
    msgid("another number in the title: an editor has to look at it"),
    msgid("another date in the title: an editor has to look at it"),
    msgid("recorded on another day: an editor has to look at it"),
    msgid("published before the event began: an editor has to look at it"),
    msgid("another day of the event: an editor has to look at it"),
    msgid("another part in the title: an editor has to look at it"),
    msgid("the name of another event in the title: an editor has to look at it"),
    msgid("the title says that it is no recording: an editor has to look at it"),
    msgid(
        "nothing but a talk speaks for it, and talks are given again: an editor has to look at it"
    ),
    msgid("nothing but a person speaks for it: an editor has to look at it"),
    msgid("nothing but common words speaks for it: an editor has to look at it"),
    msgid("nothing but a part of the event's name speaks for it: an editor has to look at it"),
    msgid("nothing but the date speaks for it: an editor has to look at it"),
    msgid("another place in the title: an editor has to look at it"),
    msgid("nothing says which event of the series it is: an editor has to look at it"),
    msgid("another video shows it already: an editor has to look at it"),
    msgid("nothing but its neighbours speaks for it: an editor has to look at it"),
    msgid("linked by rule before, and stays so: another came near since, but not ahead"),
    msgid(
        "linked by rule before, and stays so: what speaks for it became less telling,"
        " but nothing speaks plainly against it"
    ),
    msgid(
        "linked by rule before, and stays so: what speaks for it became less telling,"
        " but is still likely"
    ),
)
