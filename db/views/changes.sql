-- For whoever asks what happened: titles, lengths, captions that changed; videos that went or came.
-- One row is one field of one video that changed, newest first.
--
-- video_id: the video
-- field: what changed, a column of the table `video`
-- old_value: before, as text; empty if not told
-- new_value: after, as text; empty if not told
-- changed_at: when we noticed (UTC)
-- run_id: the run that noticed
-- evidence: for a change of availability, what speaks for it
-- title: title of the video as it is now
-- change_id: order of the changes
SELECT
  c.video_id,
  c.field,
  c.old_value,
  c.new_value,
  c.changed_at,
  c.run_id,
  c.evidence,
  v.title,
  c.change_id
FROM video_change c
JOIN video v ON v.video_id = c.video_id
