"""Why something was not written, as `harvester/review/` says it: sentences for the reader.

Read as those of the linkage are (evidence.py): a name stands for what varies.
"""

from harvester.web.catalogue import msgid

REFUSALS: tuple[str, ...] = (
    msgid("an editor's name has 1 to {number} characters, all printable"),
    msgid("an editor's name does not begin with “rule:”: that is what rules are called"),
    msgid("nothing was said"),
    msgid("say it of an event or of a talk"),
    msgid("{id}: no such event on record"),
    msgid("{id}: no such talk on record"),
    msgid("an event needs a title"),
    msgid("{id}: there is an event of that id already"),
    msgid("{by} has said something of it since, so it cannot be taken back"),
    msgid("no such video on record"),
    msgid("a note has at most {characters} characters"),
    msgid("no event was named"),
    msgid("“no event” needs a reason"),
    msgid("no editor's decision is in force"),
    msgid("no event {id} on record"),
    msgid("the event {id} has no talk {talk_id}"),
    msgid("{video_id} shows the talk {talk_id} already"),
    msgid("{id} is named {count} times"),
    msgid("{count} things were said of it at once"),
    msgid("{video_id} is to show the talk {talk_id}, too"),
    msgid("{video_id} shows the event {event_id} already"),
    msgid("{video_id} is to show the event {event_id}, too"),
    msgid("{by} has said something of it meanwhile; look at it again"),
    msgid("{by} has decided “{verdict}” with {shown} meanwhile; look at it again"),
    msgid("{by} has decided “{verdict}” meanwhile; look at it again"),
    msgid("{by} decided “{verdict}” with {shown} on {date}"),
    msgid("{by} decided “{verdict}” on {date}"),
    msgid("{by} said “{mark}” of {event} on {date}"),
    msgid("{by} said “{mark}” on {date}"),
    msgid("a start is not below zero"),
    msgid("an end lies after its start"),
    msgid("{video_id}: no rule's link of this video is in force any more"),
    msgid("the video is only {seconds} seconds long"),
)

A_RULE = msgid("a rule")
"""Who did something, where it was no person."""
