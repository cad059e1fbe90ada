SELECT date_format(inspected_at, 'yyyy-MM') AS month, to_date(inspected_at) AS date, mode,
    count(*) AS monitored, count_if(passed = '是') AS passed,
    CAST(sum(CAST(score AS DECIMAL(9, 2))) AS DOUBLE) AS score_sum
FROM quality
GROUP BY ALL
