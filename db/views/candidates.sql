-- For whoever checks or tunes the linking: what was compared, and how it came out.
-- One row is a video and an event that it may belong to, of the last linking, best first.
--
-- video_id: the video
-- rank: 1 is the best candidate of the video
-- event_id: the event
-- talk_id: the talk of the event that fits best, if one stands out
-- match_weight: sum of the terms in `match_explanation`, in bits: +1 doubles the odds of a match
-- probability: what the model makes of that weight, 0 to 1
-- title: title of the video
-- event_title: name of the event
-- talk_title: title of the talk
SELECT
  c.video_id,
  c.rank,
  c.event_id,
  c.talk_id,
  c.match_weight,
  c.probability,
  v.title,
  e.title AS event_title,
  t.title AS talk_title
FROM candidate c
JOIN video v ON v.video_id = c.video_id
JOIN event e ON e.event_id = c.event_id
LEFT JOIN talk t ON t.talk_id = c.talk_id
