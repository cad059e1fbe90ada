SELECT date_format(offered_at, 'yyyy-MM') AS month, to_date(offered_at) AS date,
    CAST(hour(offered_at) AS BIGINT) AS hour, count(DISTINCT agent_id) AS agents
FROM calls
WHERE outcome = '接通' AND agent_id IS NOT NULL
GROUP BY ALL
