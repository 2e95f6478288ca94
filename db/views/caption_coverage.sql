-- For managers and auditors: how much is captioned.
-- One row is an event, a series or a year, over its available videos; a video counts once in each
-- row, however many talks it shows.  Events and series count recordings by the decisions in force.
-- Years count all videos by their publication, also those of no event, and so add up to the channel.
-- YouTube's flag tells of captions that people made or corrected; automatic ones do not set it.
--
-- scope: event, series or year
-- key: id of the event, name of the series, or year; "unknown" for videos without publication
-- title: name of the event or series, or the year
-- videos: how many videos there are
-- captioned: of these, how many have captions by YouTube's flag
-- unknown: of these, about how many nothing is known: not told, live or to come
-- duration_s: length of the videos whose length is known, in seconds
-- captioned_duration_s: the same, of those with captions
-- captioned_share: captioned / videos, 0 to 1
-- captioned_duration_share: captioned_duration_s / duration_s, 0 to 1; empty if no length is known
SELECT
  s.scope,
  s.key,
  s.title,
  s.videos,
  s.captioned,
  s.unknown,
  COALESCE(s.duration_s, 0) AS duration_s,
  COALESCE(s.captioned_duration_s, 0) AS captioned_duration_s,
  CAST(s.captioned AS DOUBLE PRECISION) / s.videos AS captioned_share,
  CAST(COALESCE(s.captioned_duration_s, 0) AS DOUBLE PRECISION) / NULLIF(s.duration_s, 0)
    AS captioned_duration_share
FROM (
  SELECT
    'event' AS scope,
    l.event_id AS key,
    e.title AS title,
    COUNT(*) AS videos,
    SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN 1 ELSE 0 END) AS captioned,
    SUM(CASE WHEN v.caption_state IN ('unknown', 'live_pending') THEN 1 ELSE 0 END) AS unknown,
    SUM(v.duration_s) AS duration_s,
    SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN v.duration_s END) AS captioned_duration_s
  FROM decisions_in_force d
  JOIN decision_link l ON l.decision_id = d.decision_id
  JOIN event e ON e.event_id = l.event_id
  JOIN videos v ON v.video_id = d.video_id
  WHERE d.verdict = 'match'
    AND v.availability NOT IN ('private', 'deleted')
    -- a video once, however many talks of the event it shows
    AND NOT EXISTS (
      SELECT 1 FROM decision_link o
      WHERE o.decision_id = l.decision_id
        AND o.position < l.position
        AND o.event_id = l.event_id
    )
  GROUP BY l.event_id, e.title
  UNION ALL
  SELECT
    'series' AS scope,
    e.series AS key,
    e.series AS title,
    COUNT(*) AS videos,
    SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN 1 ELSE 0 END) AS captioned,
    SUM(CASE WHEN v.caption_state IN ('unknown', 'live_pending') THEN 1 ELSE 0 END) AS unknown,
    SUM(v.duration_s) AS duration_s,
    SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN v.duration_s END) AS captioned_duration_s
  FROM decisions_in_force d
  JOIN decision_link l ON l.decision_id = d.decision_id
  JOIN event e ON e.event_id = l.event_id
  JOIN videos v ON v.video_id = d.video_id
  WHERE d.verdict = 'match'
    AND v.availability NOT IN ('private', 'deleted')
    AND e.series IS NOT NULL
    AND NOT EXISTS (
      SELECT 1 FROM decision_link o
      JOIN event oe ON oe.event_id = o.event_id
      WHERE o.decision_id = l.decision_id
        AND o.position < l.position
        AND oe.series = e.series
    )
  GROUP BY e.series
  UNION ALL
  SELECT
    'year' AS scope,
    COALESCE(SUBSTR(CAST(v.published_at AS TEXT), 1, 4), 'unknown') AS key,
    COALESCE(SUBSTR(CAST(v.published_at AS TEXT), 1, 4), 'unknown') AS title,
    COUNT(*) AS videos,
    SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN 1 ELSE 0 END) AS captioned,
    SUM(CASE WHEN v.caption_state IN ('unknown', 'live_pending') THEN 1 ELSE 0 END) AS unknown,
    SUM(v.duration_s) AS duration_s,
    SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN v.duration_s END) AS captioned_duration_s
  FROM videos v
  WHERE v.availability NOT IN ('private', 'deleted')
  GROUP BY COALESCE(SUBSTR(CAST(v.published_at AS TEXT), 1, 4), 'unknown')
) s
