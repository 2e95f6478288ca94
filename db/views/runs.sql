-- For admins: what the harvester did, and how it went.
-- One row is one run, whatever happened, newest first.
--
-- run_id: number of the run
-- started_at: when it began (UTC)
-- finished_at: when it ended (UTC); empty while it runs
-- outcome: how it ended, a closed list
-- quota_units: quota units that it spent, of all buckets
-- new_videos: videos seen for the first time
-- changed_videos: videos with a changed field, those that are back among them
-- gone_videos: videos that were no longer returned
-- matched: videos with an event after this run; empty if it did not link
-- to_review: videos with a proposal that wait for an editor after this run; empty if it did not link
-- message: the summary line, or the error that ended it
-- command: the command that was run
-- exit_code: what it returned to the shell; empty while it runs
-- holder: process and host that did it
SELECT
  r.run_id,
  r.started_at,
  r.finished_at,
  r.outcome,
  CAST(COALESCE((SELECT SUM(q.units) FROM quota_use q WHERE q.run_id = r.run_id), 0) AS INTEGER)
    AS quota_units,
  r.new_videos,
  r.changed_videos,
  r.gone_videos,
  r.matched,
  r.to_review,
  r.message,
  r.command,
  r.exit_code,
  r.holder
FROM run r
