WITH asked AS (
    SELECT tickets.*, to_date(accepted_at) AS date, caller_key
    FROM tickets JOIN calls USING (call_id)
    WHERE status <> '已作废'
)
SELECT date_format(again.accepted_at, 'yyyy-MM') AS month, again.ticket_id, again.date,
    min_by(earlier.ticket_id, struct(earlier.accepted_at, earlier.ticket_id)) AS first_ticket_id,
    count(*) + 1 AS sequence,
    CAST(datediff(again.date, min(earlier.date)) AS BIGINT) AS days_since_first,
    again.category, again.region, again.unit, min(earlier.date) AS first_date
FROM asked AS again JOIN asked AS earlier
    ON earlier.caller_key = again.caller_key
    AND earlier.category = again.category
    AND struct(earlier.accepted_at, earlier.ticket_id) < struct(again.accepted_at, again.ticket_id)
    AND earlier.date >= date_sub(again.date, 30)
GROUP BY again.accepted_at, again.ticket_id, again.date, again.category, again.region, again.unit
