-- For whoever asks what editors said beside their decisions: this pair never, later, not recorded.
-- One row is something said that has not been taken back.
--
-- mark: rejected (video is not of this event), later, not_recorded, not_published, right, unsure
-- video_id: the video; empty if it is said of an event or talk
-- event_id: the event; empty if it is said of a video or talk
-- talk_id: the talk; empty if it is said of something else
-- editor: who said it
-- acted_at: when (UTC)
-- evidence_hash: SHA-256 of the candidates and terms that the editor saw
-- act_id: the act that said it
-- mark_id: order of the marks
SELECT
  m.mark,
  m.video_id,
  m.event_id,
  m.talk_id,
  a.editor,
  a.acted_at,
  m.evidence_hash,
  m.act_id,
  m.mark_id
FROM editor_mark m
JOIN act a ON a.act_id = m.act_id
WHERE m.is_set = 1
  AND m.mark_id IN (
    SELECT MAX(newest.mark_id)
    FROM editor_mark newest
    GROUP BY newest.mark, newest.video_id, newest.event_id, newest.talk_id
  )
