-- For programme people: which talks have no recording yet, and which video may be one.
-- One row is a talk on record that no available video shows by the decisions in force: neither the
-- talk itself, in whatever role, nor in full the event as a whole, which covers all of its talks.
-- A part or an excerpt of the event may show the talk or not: then the talk is listed, and
-- event_video_id names that video.  A recording that is private or deleted by now does not count.
-- The near miss is the best candidate among the videos that still wait for an editor.
--
-- event_id: the event that it was given at
-- event_title: name of the event
-- series: series that the event belongs to
-- start_on: first day of the event (ISO); may be a year, or year and month, only
-- talk_id: the talk
-- talk_title: title of the talk, where one is on record
-- speakers: who spoke, separated by ;
-- near_video_id: the waiting video that is most likely of this talk; empty if there is none
-- near_video_title: its title
-- near_probability: how likely it is by the model, 0 to 1
-- held_on: day of the talk (ISO), where told; may be partial
-- kind: kind of talk, in the source's words
-- event_video_id: an available video of a part or an excerpt of the event, which may show the talk
-- status: expected, or not_recorded or not_published as editors said of the talk or its event
SELECT
  e.event_id,
  e.title AS event_title,
  e.series,
  e.start_on,
  t.talk_id,
  t.title AS talk_title,
  -- a JSON list as text: ["A", "B"] -> A; B
  NULLIF(
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
      CAST(t.speakers AS TEXT), '", "', '; '), '["', ''), '"]', ''), '[]', ''), '\"', '"'),
    ''
  ) AS speakers,
  n.video_id AS near_video_id,
  n.title AS near_video_title,
  c.probability AS near_probability,
  t.held_on,
  t.kind,
  (
    SELECT MIN(d.video_id)
    FROM decision_link l
    JOIN decisions_in_force d ON d.decision_id = l.decision_id
    JOIN video v ON v.video_id = d.video_id
    WHERE l.event_id = t.event_id
      AND l.talk_id IS NULL
      AND d.verdict = 'match'
      AND v.availability NOT IN ('private', 'deleted')
  ) AS event_video_id,
  COALESCE(
    (
      SELECT m.mark FROM marks_in_force m
      WHERE m.talk_id = t.talk_id AND m.mark IN ('not_recorded', 'not_published')
      ORDER BY m.mark_id DESC
      LIMIT 1
    ),
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
FROM talk t
JOIN event e ON e.event_id = t.event_id
LEFT JOIN candidate c ON (c.video_id, c.rank) = (
  -- the likeliest one that still waits and that no editor has ruled out
  SELECT b.video_id, b.rank
  FROM candidate b
  JOIN video w ON w.video_id = b.video_id
  WHERE b.talk_id = t.talk_id
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
WHERE t.withdrawn_at IS NULL
  AND e.withdrawn_at IS NULL
  AND NOT EXISTS (
    SELECT 1
    FROM decision_link l
    JOIN decisions_in_force d ON d.decision_id = l.decision_id
    JOIN video v ON v.video_id = d.video_id
    WHERE l.talk_id = t.talk_id
      AND d.verdict = 'match'
      AND v.availability NOT IN ('private', 'deleted')
  )
  -- the event in full covers all of its talks
  AND NOT EXISTS (
    SELECT 1
    FROM decision_link l
    JOIN decisions_in_force d ON d.decision_id = l.decision_id
    JOIN video v ON v.video_id = d.video_id
    WHERE l.event_id = t.event_id
      AND l.talk_id IS NULL
      AND l.role = 'full'
      AND d.verdict = 'match'
      AND v.availability NOT IN ('private', 'deleted')
  )
