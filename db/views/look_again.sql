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
SELECT
  o.video_id,
  o.decision_id,
  'title' AS what,
  o.seen_title AS was,
  v.title AS is_now,
  o.decided_by,
  o.decided_at,
  NULL AS event_id,
  NULL AS talk_id
FROM decision o
JOIN video v ON v.video_id = o.video_id
WHERE o.act_id IS NOT NULL
  AND COALESCE(v.title, '') <> COALESCE(o.seen_title, '')
  AND EXISTS (  -- asked last, by v.video_id: of few videos
    SELECT 1 FROM decisions_in_force d
    WHERE d.decision_id = o.decision_id AND d.video_id = v.video_id AND d.is_rule = 0
  )
UNION ALL
SELECT
  o.video_id,
  o.decision_id,
  'duration_s' AS what,
  CAST(o.seen_duration_s AS TEXT) AS was,
  CAST(v.duration_s AS TEXT) AS is_now,
  o.decided_by,
  o.decided_at,
  NULL AS event_id,
  NULL AS talk_id
FROM decision o
JOIN video v ON v.video_id = o.video_id
WHERE o.act_id IS NOT NULL
  AND COALESCE(v.duration_s, -1) <> COALESCE(o.seen_duration_s, -1)
  AND EXISTS (
    SELECT 1 FROM decisions_in_force d
    WHERE d.decision_id = o.decision_id AND d.video_id = v.video_id AND d.is_rule = 0
  )
UNION ALL
SELECT
  o.video_id,
  o.decision_id,
  'event' AS what,
  l.seen_event AS was,
  e.title || ' · ' || COALESCE(e.start_on, '') || COALESCE('–' || e.end_on, '') AS is_now,
  o.decided_by,
  o.decided_at,
  l.event_id,
  NULL AS talk_id
FROM decision o
JOIN decision_link l ON l.decision_id = o.decision_id
JOIN event e ON e.event_id = l.event_id
WHERE o.act_id IS NOT NULL
  AND l.seen_event <> e.title || ' · ' || COALESCE(e.start_on, '') || COALESCE('–' || e.end_on, '')
  -- once for an event, however many talks of it the video shows
  AND NOT EXISTS (
    SELECT 1 FROM decision_link s
    WHERE s.decision_id = l.decision_id
      AND s.position < l.position
      AND s.event_id = l.event_id
      AND s.seen_event = l.seen_event
  )
  AND EXISTS (
    SELECT 1 FROM decisions_in_force d WHERE d.decision_id = o.decision_id AND d.is_rule = 0
  )
UNION ALL
SELECT
  o.video_id,
  o.decision_id,
  'talk' AS what,
  l.seen_talk AS was,
  t.title AS is_now,
  o.decided_by,
  o.decided_at,
  l.event_id,
  l.talk_id
FROM decision o
JOIN decision_link l ON l.decision_id = o.decision_id
JOIN talk t ON t.talk_id = l.talk_id
WHERE o.act_id IS NOT NULL
  AND l.seen_event IS NOT NULL
  AND COALESCE(l.seen_talk, '') <> COALESCE(t.title, '')
  AND EXISTS (
    SELECT 1 FROM decisions_in_force d WHERE d.decision_id = o.decision_id AND d.is_rule = 0
  )
