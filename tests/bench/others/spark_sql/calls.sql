SELECT date_format(offered_at, 'yyyy-MM') AS month, to_date(offered_at) AS date,
    CAST(hour(offered_at) AS BIGINT) AS hour, line,
    count_if(outcome <> '测试') AS offered,
    count_if(outcome = '接通') AS answered,
    count_if(outcome = '用户挂断') AS hung_up,
    count_if(outcome = '振铃超时') AS ring_timeout,
    count_if(outcome = '坐席拒接') AS agent_rejected,
    count_if(outcome = '测试') AS excluded_test,
    count_if(outcome = '接通' AND answered - offered <= 15) AS answered_within_15s,
    sum(if(outcome = '接通', answered - offered, 0)) AS answered_wait_seconds,
    sum(if(outcome NOT IN ('接通', '测试'), ended - offered, 0)) AS lost_wait_seconds,
    sum(if(outcome = '接通', ended - answered, 0)) AS talk_seconds
FROM (
    SELECT offered_at, line, outcome, unix_timestamp(offered_at) AS offered,
        unix_timestamp(answered_at) AS answered, unix_timestamp(ended_at) AS ended
    FROM calls
)
GROUP BY ALL
