CREATE TABLE calls AS
WITH call AS (
    SELECT
        接入热线 AS line,
        呼叫结果 AS outcome,
        呼入时间::TIMESTAMP AS offered_at,
        date_diff('second', 呼入时间::TIMESTAMP, 接通时间::TIMESTAMP) AS wait,
        date_diff('second', 接通时间::TIMESTAMP, 挂断时间::TIMESTAMP) AS talk,
        date_diff('second', 呼入时间::TIMESTAMP, 挂断时间::TIMESTAMP) AS whole
    FROM calls_export
)
SELECT
    strftime(offered_at, '%Y-%m') AS month,
    offered_at::DATE AS date,
    hour(offered_at) AS hour,
    line,
    count(*) FILTER (outcome <> '测试') AS offered,
    count(*) FILTER (outcome = '接通') AS answered,
    count(*) FILTER (outcome = '用户挂断') AS hung_up,
    count(*) FILTER (outcome = '振铃超时') AS ring_timeout,
    count(*) FILTER (outcome = '坐席拒接') AS agent_rejected,
    count(*) FILTER (outcome = '测试') AS excluded_test,
    count(*) FILTER (outcome <> '测试') AS legs,
    count(*) FILTER (outcome = '接通' AND wait <= 15) AS answered_within_15s,
    coalesce(sum(wait) FILTER (outcome = '接通'), 0)::BIGINT AS answered_wait_seconds,
    coalesce(sum(whole) FILTER (outcome NOT IN ('接通', '测试')), 0)::BIGINT AS lost_wait_seconds,
    coalesce(sum(talk) FILTER (outcome = '接通'), 0)::BIGINT AS talk_seconds
FROM call
GROUP BY ALL;
