-- For editors: what changed since an editor decided.  The decision holds until he looks again.
-- One row is something that an editor saw and that is otherwise now.
--
-- video_id: the video
-- decision_id: the decision in force
-- what: title or duration_s of the video, event (its name or days) or talk (its title)
-- was: as the editor saw it
-- is_now: as it is now; empty if it is gone
-- decided_by: the editor
-- decided_at: when he decided (UTC)
-- event_id: the event, if that or a talk of it changed
-- talk_id: the talk, if that changed
WITH judged AS (
  SELECT d.video_id, d.decision_id, d.decided_by, d.decided_at, o.seen_title, o.seen_duration_s
  FROM decisions_in_force d
  JOIN decision o ON o.decision_id = d.decision_id
  WHERE d.is_rule = 0 AND o.act_id IS NOT NULL
),
shown AS (
  SELECT
    j.video_id,
    j.decision_id,
    j.decided_by,
    j.decided_at,
    l.event_id,
    l.talk_id,
    l.seen_event,
    l.seen_talk,
    e.title || ' · ' || COALESCE(e.start_on, '') || COALESCE('–' || e.end_on, '') AS event_now,
    t.title AS talk_now
  FROM judged j
  JOIN decision_link l ON l.decision_id = j.decision_id
  JOIN event e ON e.event_id = l.event_id
  LEFT JOIN talk t ON t.talk_id = l.talk_id
)
SELECT
  j.video_id,
  j.decision_id,
  'title' AS what,
  j.seen_title AS was,
  v.title AS is_now,
  j.decided_by,
  j.decided_at,
  NULL AS event_id,
  NULL AS talk_id
FROM judged j
JOIN video v ON v.video_id = j.video_id
WHERE COALESCE(v.title, '') <> COALESCE(j.seen_title, '')
UNION ALL
SELECT
  j.video_id,
  j.decision_id,
  'duration_s' AS what,
  CAST(j.seen_duration_s AS TEXT) AS was,
  CAST(v.duration_s AS TEXT) AS is_now,
  j.decided_by,
  j.decided_at,
  NULL AS event_id,
  NULL AS talk_id
FROM judged j
JOIN video v ON v.video_id = j.video_id
WHERE COALESCE(v.duration_s, -1) <> COALESCE(j.seen_duration_s, -1)
UNION ALL
SELECT
  s.video_id,
  s.decision_id,
  'event' AS what,
  MIN(s.seen_event) AS was,
  MIN(s.event_now) AS is_now,
  s.decided_by,
  s.decided_at,
  s.event_id,
  NULL AS talk_id
FROM shown s
WHERE COALESCE(s.seen_event, s.event_now) <> s.event_now
GROUP BY s.video_id, s.decision_id, s.decided_by, s.decided_at, s.event_id
UNION ALL
SELECT
  s.video_id,
  s.decision_id,
  'talk' AS what,
  s.seen_talk AS was,
  s.talk_now AS is_now,
  s.decided_by,
  s.decided_at,
  s.event_id,
  s.talk_id
FROM shown s
WHERE s.talk_id IS NOT NULL
  AND s.seen_event IS NOT NULL
  AND COALESCE(s.seen_talk, '') <> COALESCE(s.talk_now, '')
