-- Unit and type are those of the ticket as it now stands, if it was accepted by the attempt's month.
CREATE TABLE callbacks AS
WITH attempt AS (
    SELECT
        工单编号 AS ticket_id,
        回访时间::TIMESTAMP AS called_at,
        回访结果 AS result,
        满意度 AS satisfaction,
        row_number() OVER (PARTITION BY 工单编号 ORDER BY 回访时间::TIMESTAMP, 回访编号) = 1 AS is_first
    FROM callbacks_export
)
SELECT
    strftime(called_at, '%Y-%m') AS month,
    called_at::DATE AS date,
    unit,
    ticket_type,
    count(*) AS attempts,
    count(*) FILTER (result = '接通') AS reached,
    count(*) FILTER (result = '拒访') AS refused,
    count(*) FILTER (satisfaction = '满意') AS satisfied,
    count(*) FILTER (satisfaction = '基本满意') AS basically_satisfied,
    count(*) FILTER (satisfaction = '不满意') AS dissatisfied,
    count(*) FILTER (result = '接通' AND coalesce(satisfaction, '未评价') = '未评价') AS unrated,
    count(*) FILTER (is_first) AS tickets_called
FROM attempt
LEFT JOIN current_ticket
    ON current_ticket.ticket_id = attempt.ticket_id
    AND date_trunc('month', accepted_at) <= date_trunc('month', called_at)
GROUP BY ALL;
