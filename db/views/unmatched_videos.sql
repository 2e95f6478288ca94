-- For editors: the queue.
-- One row is a video that waits for an editor: it can be had, it has a title, and no decision about
-- it is in force; newest first.
--
-- video_id: YouTube's id of the video
-- url: its page on YouTube
-- title: title as on YouTube
-- published_at: publication (UTC); for a stream or premiere its start
-- duration_s: length in whole seconds; empty while live, to come, or not told
-- reason: why the rule did not match it, a closed list
-- best_event_id: the event of the best candidate; empty if there is none
-- best_probability: how likely the best candidate is by the model, 0 to 1
-- best_event_title: name of that event
-- best_talk_id: the talk of it that fits best, if one stands out
-- best_talk_title: title of that talk
-- outcome: review if there is a proposal, none if nothing is likely; empty if not linked yet
SELECT
  v.video_id,
  v.url,
  v.title,
  v.published_at,
  v.duration_s,
  COALESCE(
    l.reason, CASE WHEN l.outcome = 'auto' THEN 'proposed' ELSE 'not_linked_yet' END
  ) AS reason,
  c.event_id AS best_event_id,
  c.probability AS best_probability,
  e.title AS best_event_title,
  c.talk_id AS best_talk_id,
  t.title AS best_talk_title,
  -- an `auto` whose decision an editor took back is no proposal of the rule any more
  CASE WHEN l.outcome <> 'auto' THEN l.outcome END AS outcome
FROM videos v
LEFT JOIN video_linking l ON l.video_id = v.video_id
LEFT JOIN candidate c ON c.video_id = v.video_id AND c.rank = (
  -- the best one that no editor has ruled out
  SELECT MIN(b.rank) FROM candidate b
  WHERE b.video_id = v.video_id
    AND NOT EXISTS (
      SELECT 1 FROM marks_in_force m
      WHERE m.mark = 'rejected' AND m.video_id = b.video_id AND m.event_id = b.event_id
    )
)
LEFT JOIN event e ON e.event_id = c.event_id
LEFT JOIN talk t ON t.talk_id = c.talk_id
WHERE v.title IS NOT NULL
  AND v.availability NOT IN ('private', 'deleted')
  AND NOT EXISTS (SELECT 1 FROM decisions_in_force d WHERE d.video_id = v.video_id)
