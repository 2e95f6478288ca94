-- For everybody: what there is on the channel.
-- One row is a video as last seen, also one that is gone since; newest first.
--
-- video_id: YouTube's id of the video
-- url: its page on YouTube
-- channel_id: YouTube's id of the channel
-- title: title as on YouTube; empty if it was private or deleted whenever we asked
-- published_at: publication (UTC); for a stream or premiere its start
-- duration_s: length in whole seconds; empty while live, to come, or not told
-- caption_state: what is known of captions, a closed list
-- availability: whether it can be had from YouTube, a closed list
-- live_state: whether it is or was a stream or premiere, a closed list
-- first_seen_at: when we first saw it (UTC)
-- refreshed_at: when YouTube last returned it (UTC): the age of this row; empty if it never did
-- missing_since: when YouTube first failed to return it (UTC); empty if it does
-- recorded_on: day of the recording, where the channel's owner entered one (ISO)
-- language: language of title and description (BCP 47), where told
-- audio_language: language spoken (BCP 47), where told
-- thumbnail_url: address of the largest preview image
SELECT
  v.video_id,
  'https://www.youtube.com/watch?v=' || v.video_id AS url,
  v.channel_id,
  v.title,
  v.published_at,
  v.duration_s,
  CASE
    WHEN v.live_state IN ('live', 'upcoming') THEN 'live_pending'
    WHEN v.caption_flag IS NULL THEN 'unknown'
    WHEN v.caption_flag THEN 'flag_only_yes'
    ELSE 'flag_only_no'
  END AS caption_state,
  v.availability,
  v.live_state,
  v.first_seen_at,
  k.refreshed_at,
  k.missing_since,
  v.recorded_on,
  v.language,
  v.audio_language,
  v.thumbnail_url
FROM video v
LEFT JOIN video_check k ON k.video_id = v.video_id
