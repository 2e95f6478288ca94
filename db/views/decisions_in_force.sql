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
WITH newest_by_editor AS (
  SELECT video_id, MAX(decision_id) AS decision_id
  FROM decision
  WHERE SUBSTR(decided_by, 1, 5) <> 'rule:'
  GROUP BY video_id
),
newest AS (
  SELECT d.video_id, MAX(d.decision_id) AS decision_id
  FROM decision d
  LEFT JOIN newest_by_editor n ON n.video_id = d.video_id
  LEFT JOIN decision e ON e.decision_id = n.decision_id
  WHERE e.decision_id IS NULL
    OR d.decision_id = e.decision_id
    OR (e.verdict = 'open' AND d.decision_id > e.decision_id)
  GROUP BY d.video_id
)
SELECT
  d.video_id,
  d.decision_id,
  d.verdict,
  d.decided_by,
  CASE WHEN SUBSTR(d.decided_by, 1, 5) = 'rule:' THEN 1 ELSE 0 END AS is_rule,
  d.decided_at,
  d.probability,
  d.reason
FROM newest
JOIN decision d ON d.decision_id = newest.decision_id
WHERE d.verdict <> 'open'
ORDER BY d.video_id
