-- Every day of the known years with the number of working days up to and including it, and the day
-- that is 3 or 5 working days later.
CREATE TEMP TABLE working_day AS
WITH exception AS (
    SELECT date::DATE AS day, day = '班' AS works
    FROM read_csv(getvariable('working_days'), header = true, all_varchar = true, delim = ',')
),
every_day AS (
    SELECT unnest(generate_series(
        (SELECT date_trunc('year', min(day)) FROM exception),
        (SELECT date_trunc('year', max(day)) + INTERVAL 1 YEAR - INTERVAL 1 DAY FROM exception),
        INTERVAL 1 DAY
    ))::DATE AS day
)
SELECT day, sum(coalesce(works, isodow(day) <= 5)::INTEGER) OVER (ORDER BY day) AS worked
FROM every_day LEFT JOIN exception USING (day);

CREATE TEMP TABLE due AS
SELECT accepted.day AS accepted_on, days, min(later.day) AS due_on
FROM working_day AS accepted
CROSS JOIN (VALUES (3), (5)) AS allowed (days)
JOIN working_day AS later ON later.worked = accepted.worked + days
GROUP BY ALL;
