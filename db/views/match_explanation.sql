-- For whoever asks why: the evidence for and against a candidate.
-- One row is one term of one candidate's match weight, in the order to read them.
--
-- video_id: the video
-- event_id: the event of the candidate
-- talk_id: the talk of the candidate, if one stands out
-- term: name of the evidence, as in config/linkage.toml
-- weight: match weight in bits: +1 doubles the odds of a match; below zero speaks against it
-- evidence: what was seen, in words
-- rank: the candidate's rank, 1 is the best
-- position: order of the term within the candidate
SELECT
  t.video_id,
  c.event_id,
  c.talk_id,
  t.term,
  t.weight,
  t.evidence,
  t.rank,
  t.position
FROM candidate_term t
JOIN candidate c ON c.video_id = t.video_id AND c.rank = t.rank
