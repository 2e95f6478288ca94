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
  -- nothing newer of this kind is said of the same; each subject by its own index
  AND NOT EXISTS (
    SELECT 1 FROM editor_mark newer
    WHERE newer.video_id = m.video_id
      AND newer.mark_id > m.mark_id
      AND newer.mark = m.mark
      AND COALESCE(newer.event_id, '') = COALESCE(m.event_id, '')
      AND COALESCE(newer.talk_id, '') = COALESCE(m.talk_id, '')
  )
  AND (
    m.video_id IS NOT NULL
    OR NOT EXISTS (
      SELECT 1 FROM editor_mark newer
      WHERE newer.event_id = m.event_id
        AND newer.mark_id > m.mark_id
        AND newer.mark = m.mark
        AND COALESCE(newer.video_id, '') = ''
        AND COALESCE(newer.talk_id, '') = COALESCE(m.talk_id, '')
    )
  )
  AND (
    m.video_id IS NOT NULL
    OR m.event_id IS NOT NULL
    OR NOT EXISTS (
      SELECT 1 FROM editor_mark newer
      WHERE newer.talk_id = m.talk_id
        AND newer.mark_id > m.mark_id
        AND newer.mark = m.mark
        AND COALESCE(newer.video_id, '') = ''
        AND COALESCE(newer.event_id, '') = ''
    )
  )
