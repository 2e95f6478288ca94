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
SELECT
  e.event_id,
  e.title AS event_title,
  e.series,
  e.start_on,
  n.video_id AS near_video_id,
  n.title AS near_video_title,
  c.probability AS near_probability,
  e.kind,
  e.city,
  (
    SELECT COUNT(*) FROM talk t WHERE t.event_id = e.event_id AND t.withdrawn_at IS NULL
  ) AS talks,
  e.url AS event_url,
  COALESCE(
    (
      SELECT m.mark FROM marks_in_force m
      WHERE m.event_id = e.event_id
        AND m.video_id IS NULL
        AND m.mark IN ('not_recorded', 'not_published')
      ORDER BY m.mark_id DESC
      LIMIT 1
    ),
    'expected'
  ) AS status
FROM event e
LEFT JOIN candidate c ON (c.video_id, c.rank) = (
  -- the likeliest one that still waits and that no editor has ruled out
  SELECT b.video_id, b.rank
  FROM candidate b
  JOIN video w ON w.video_id = b.video_id
  WHERE b.event_id = e.event_id
    AND w.title IS NOT NULL
    AND w.availability NOT IN ('private', 'deleted')
    AND NOT EXISTS (SELECT 1 FROM decisions_in_force d WHERE d.video_id = b.video_id)
    AND NOT EXISTS (
      SELECT 1 FROM marks_in_force m
      WHERE m.mark = 'rejected' AND m.video_id = b.video_id AND m.event_id = b.event_id
    )
  ORDER BY b.match_weight DESC, b.video_id, b.rank
  LIMIT 1
)
LEFT JOIN video n ON n.video_id = c.video_id
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
