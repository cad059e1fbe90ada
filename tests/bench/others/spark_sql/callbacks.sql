WITH attempt AS (
    SELECT *, row_number() OVER (PARTITION BY ticket_id ORDER BY called_at, callback_id) = 1
        AS is_first
    FROM callbacks
)
SELECT date_format(called_at, 'yyyy-MM') AS month, to_date(called_at) AS date, unit, ticket_type,
    count(*) AS attempts,
    count_if(result = '接通') AS reached,
    count_if(result = '拒访') AS refused,
    count_if(satisfaction = '满意') AS satisfied,
    count_if(satisfaction = '基本满意') AS basically_satisfied,
    count_if(satisfaction = '不满意') AS dissatisfied,
    count_if(result = '接通' AND coalesce(satisfaction, '未评价') = '未评价') AS unrated,
    count_if(is_first) AS tickets_called
FROM attempt LEFT JOIN tickets
    ON tickets.ticket_id = attempt.ticket_id
    AND trunc(accepted_at, 'MM') <= trunc(called_at, 'MM')
GROUP BY ALL
