-- For whoever asks what holds: of all decisions about a video, the one that counts.
-- One row is a video about which a decision holds; a video that waits has none.
-- The newest decision of an editor outranks every rule, however late the rule came.  If that
-- decision is `open` (an editor took an earlier one back), the video waits again, and the newest
-- rule decision after it counts.  Without any editor the newest rule decision counts.  A newest
-- decision that is `open` means that none is in force.
--
-- video_id: the video
-- decision_id: number of the decision
-- verdict: match (shows what `recordings` lists) or no_event (belongs to no event)
-- decided_by: an editor's name, or rule:<model>
-- is_rule: 1 if a rule decided, 0 if an editor did
-- decided_at: when (UTC)
-- probability: for a rule, how likely the match was by its model
-- reason: why, where the decider said so
SELECT
  d.video_id,
  d.decision_id,
  d.verdict,
  d.decided_by,
  CASE WHEN SUBSTR(d.decided_by, 1, 5) = 'rule:' THEN 1 ELSE 0 END AS is_rule,
  d.decided_at,
  d.probability,
  d.reason
FROM decision d
WHERE d.verdict <> 'open'
  -- nothing later outranks it: an editor anything, a rule only a rule
  AND NOT EXISTS (
    SELECT 1 FROM decision later
    WHERE later.video_id = d.video_id
      AND later.decision_id > d.decision_id
      AND (SUBSTR(later.decided_by, 1, 5) <> 'rule:' OR SUBSTR(d.decided_by, 1, 5) = 'rule:')
  )
  -- and a rule has no editor before it who did not take back what he said
  AND (
    SUBSTR(d.decided_by, 1, 5) <> 'rule:'
    OR 'open' = COALESCE(
      (
        SELECT e.verdict FROM decision e
        WHERE e.video_id = d.video_id AND SUBSTR(e.decided_by, 1, 5) <> 'rule:'
        ORDER BY e.decision_id DESC
        LIMIT 1
      ),
      'open'
    )
  )
