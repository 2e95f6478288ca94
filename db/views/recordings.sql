-- For analysts and the library: which video shows which event or talk.
-- One row is a video with an event, or with one talk of it, by the decision in force: a video that
-- shows three talks has three rows.  Videos that are gone since are among them (`availability`).
--
-- video_id: YouTube's id of the video
-- url: its page on YouTube
-- title: title of the video as on YouTube
-- published_at: publication (UTC); for a stream or premiere its start
-- duration_s: length of the whole video in seconds
-- caption_state: what is known of captions, a closed list
-- event_id: the event
-- event_title: name of the event
-- event_start_on: first day of the event (ISO); may be a year, or year and month, only
-- talk_id: the talk; empty: the event as a whole
-- talk_title: title of the talk; empty also where none is on record
-- role: how the video shows it, a closed list
-- start_s: where it begins in the video, in seconds; empty: not told, or the whole video
-- end_s: where it ends in the video, in seconds; empty: not told, or the whole video
-- decided_by: an editor's name, or rule:<model>
-- decided_at: when that was decided (UTC)
-- probability: for a rule, how likely the match was by its model; empty for an editor
-- series: series that the event belongs to
-- availability: whether the video can be had from YouTube, a closed list
SELECT
  v.video_id,
  v.url,
  v.title,
  v.published_at,
  v.duration_s,
  v.caption_state,
  l.event_id,
  e.title AS event_title,
  e.start_on AS event_start_on,
  l.talk_id,
  t.title AS talk_title,
  l.role,
  l.start_s,
  l.end_s,
  d.decided_by,
  d.decided_at,
  d.probability,
  e.series,
  v.availability
FROM decisions_in_force d
JOIN decision_link l ON l.decision_id = d.decision_id
JOIN videos v ON v.video_id = d.video_id
JOIN event e ON e.event_id = l.event_id
LEFT JOIN talk t ON t.talk_id = l.talk_id
WHERE d.verdict = 'match'
