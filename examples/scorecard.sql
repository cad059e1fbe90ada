-- Scores of a year's indicators by the rules that stand beside them, from one published file.
--   duckdb -c ".read examples/scorecard.sql"     in the folder `<warehouse>/current`, 2023 as an example.
-- The same as `hotline score 2023`; a test holds both together.
WITH inputs AS (
  SELECT *,
    -- What cases of parts cost; where a part has marks of its own it cannot cost more than those.
    list_sum([p.step * p.numerator FOR p IN parts]) AS off,
    list_sum([greatest(0, p.weight - p.step * p.numerator) FOR p IN parts IF p.weight IS NOT NULL]) AS kept,
    list_sum([p.weight FOR p IN parts IF p.numerator >= p.denominator]) AS whole,
    [b.score FOR b IN bands IF value >= b.at_least][1] AS band
  FROM 'indicators/2023.parquet'
  WHERE weight > 0
),
marks AS (
  SELECT *,
    CASE rule
      WHEN 'linear' THEN weight - step * floor(greatest(0, target - value) / per + 1e-9)
      WHEN 'months' THEN weight - step * months_below_target
      WHEN 'bands' THEN coalesce(band, 0)
      WHEN 'each' THEN CASE
        WHEN len(parts) = 0 THEN weight - step * numerator
        ELSE coalesce(kept, weight - off)
      END
      WHEN 'share' THEN weight * least(1, numerator / denominator)
      WHEN 'whole' THEN coalesce(whole, 0)
      WHEN 'judged' THEN value
    END AS raw
  FROM inputs
)
SELECT
  position,
  indicator,
  level3,
  weight,
  display,
  CASE WHEN status <> 'missing' THEN round(greatest(0, least(weight, raw)), 4) END AS score,
  printed_score,
  note
FROM marks
ORDER BY position;
