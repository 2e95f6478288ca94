-- For programme people: which events have no recording yet, and which video may be one.
-- One row is an event on record of which no available video shows the whole or any talk, by the
-- decisions in force.  A recording that is private or deleted by now does not count.
-- The near miss is the best candidate among the videos that still wait for an editor.
--
-- event_id: the event
-- event_title: name of the event
-- series: series that it belongs to
-- start_on: first day (ISO); may be a year, or year and month, only
-- near_video_id: the waiting video that is most likely of this event; empty if there is none
-- near_video_title: its title
-- near_probability: how likely it is by the model, 0 to 1
-- kind: kind of event, in the source's words
-- city: place
-- talks: how many talks of it are on record
-- event_url: page of the event
-- status: expected, or not_recorded or not_published as editors said
WITH near AS (
  SELECT
    c.event_id,
    u.video_id,
    u.title,
    c.probability,
    ROW_NUMBER() OVER (PARTITION BY c.event_id ORDER BY c.match_weight DESC, c.video_id) AS place
  FROM candidate c
  JOIN unmatched_videos u ON u.video_id = c.video_id
  LEFT JOIN marks_in_force m
    ON m.mark = 'rejected' AND m.video_id = c.video_id AND m.event_id = c.event_id
  WHERE m.mark_id IS NULL
)
SELECT
  e.event_id,
  e.title AS event_title,
  e.series,
  e.start_on,
  n.video_id AS near_video_id,
  n.title AS near_video_title,
  n.probability AS near_probability,
  e.kind,
  e.city,
  (
    SELECT COUNT(*) FROM talk t WHERE t.event_id = e.event_id AND t.withdrawn_at IS NULL
  ) AS talks,
  e.url AS event_url,
  COALESCE(s.mark, 'expected') AS status
FROM event e
LEFT JOIN near n ON n.event_id = e.event_id AND n.place = 1
LEFT JOIN marks_in_force s
  ON s.event_id = e.event_id AND s.video_id IS NULL AND s.mark IN ('not_recorded', 'not_published')
WHERE e.withdrawn_at IS NULL
  AND NOT EXISTS (
    SELECT 1
    FROM decision_link l
    JOIN decisions_in_force d ON d.decision_id = l.decision_id
    JOIN video v ON v.video_id = d.video_id
    WHERE l.event_id = e.event_id
      AND d.verdict = 'match'
      AND v.availability NOT IN ('private', 'deleted')
  )
