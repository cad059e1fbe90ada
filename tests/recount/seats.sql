CREATE TABLE seats AS
SELECT
    strftime(呼入时间::TIMESTAMP, '%Y-%m') AS month,
    呼入时间::DATE AS date,
    hour(呼入时间::TIMESTAMP) AS hour,
    count(DISTINCT 坐席工号) AS agents
FROM calls_export
WHERE 呼叫结果 = '接通' AND 坐席工号 IS NOT NULL
GROUP BY ALL;
