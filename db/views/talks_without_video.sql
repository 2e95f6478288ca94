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
WITH near AS (
  SELECT
    c.talk_id,
    u.video_id,
    u.title,
    c.probability,
    ROW_NUMBER() OVER (PARTITION BY c.talk_id ORDER BY c.match_weight DESC, c.video_id) AS place
  FROM candidate c
  JOIN unmatched_videos u ON u.video_id = c.video_id
  LEFT JOIN marks_in_force m
    ON m.mark = 'rejected' AND m.video_id = c.video_id AND m.event_id = c.event_id
  WHERE c.talk_id IS NOT NULL AND m.mark_id IS NULL
),
whole AS (
  SELECT l.event_id, l.role, d.video_id
  FROM decision_link l
  JOIN decisions_in_force d ON d.decision_id = l.decision_id
  JOIN video v ON v.video_id = d.video_id
  WHERE l.talk_id IS NULL
    AND d.verdict = 'match'
    AND v.availability NOT IN ('private', 'deleted')
),
covered AS (
  SELECT
    event_id,
    MIN(video_id) AS video_id,
    MAX(CASE WHEN role = 'full' THEN 1 ELSE 0 END) AS is_full
  FROM whole
  GROUP BY event_id
)
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
  n.probability AS near_probability,
  t.held_on,
  t.kind,
  w.video_id AS event_video_id,
  COALESCE(st.mark, se.mark, 'expected') AS status
FROM talk t
JOIN event e ON e.event_id = t.event_id
LEFT JOIN covered w ON w.event_id = t.event_id
LEFT JOIN near n ON n.talk_id = t.talk_id AND n.place = 1
LEFT JOIN marks_in_force st
  ON st.talk_id = t.talk_id AND st.mark IN ('not_recorded', 'not_published')
LEFT JOIN marks_in_force se
  ON se.event_id = e.event_id AND se.video_id IS NULL AND se.mark IN ('not_recorded', 'not_published')
WHERE t.withdrawn_at IS NULL
  AND e.withdrawn_at IS NULL
  AND COALESCE(w.is_full, 0) = 0
  AND NOT EXISTS (
    SELECT 1
    FROM decision_link l
    JOIN decisions_in_force d ON d.decision_id = l.decision_id
    JOIN video v ON v.video_id = d.video_id
    WHERE l.talk_id = t.talk_id
      AND d.verdict = 'match'
      AND v.availability NOT IN ('private', 'deleted')
  )
