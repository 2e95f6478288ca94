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
WITH member AS (
  SELECT DISTINCT 'event' AS scope, event_id AS key, event_title AS title, video_id
  FROM recordings
  UNION
  SELECT DISTINCT 'series' AS scope, series AS key, series AS title, video_id
  FROM recordings
  WHERE series IS NOT NULL
  UNION
  SELECT
    'year' AS scope,
    COALESCE(SUBSTR(CAST(published_at AS TEXT), 1, 4), 'unknown') AS key,
    COALESCE(SUBSTR(CAST(published_at AS TEXT), 1, 4), 'unknown') AS title,
    video_id
  FROM videos
)
SELECT
  m.scope,
  m.key,
  m.title,
  COUNT(*) AS videos,
  SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN 1 ELSE 0 END) AS captioned,
  SUM(CASE WHEN v.caption_state IN ('unknown', 'live_pending') THEN 1 ELSE 0 END) AS unknown,
  COALESCE(SUM(v.duration_s), 0) AS duration_s,
  COALESCE(SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN v.duration_s END), 0)
    AS captioned_duration_s,
  CAST(SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN 1 ELSE 0 END) AS DOUBLE PRECISION)
    / COUNT(*) AS captioned_share,
  CAST(
    COALESCE(SUM(CASE WHEN v.caption_state = 'flag_only_yes' THEN v.duration_s END), 0)
    AS DOUBLE PRECISION
  ) / NULLIF(SUM(v.duration_s), 0) AS captioned_duration_share
FROM member m
JOIN videos v ON v.video_id = m.video_id
WHERE v.availability NOT IN ('private', 'deleted')
GROUP BY m.scope, m.key, m.title
