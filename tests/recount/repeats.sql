-- Callers are told apart by their raw numbers.
CREATE TABLE repeats AS
WITH asked AS (
    SELECT current_ticket.*, accepted_at::DATE AS date, 主叫号码 AS caller
    FROM current_ticket
    JOIN calls_export ON 话单编号 = call_id
    WHERE status <> '已作废'
),
pair AS (
    SELECT
        again.*,
        earlier.ticket_id AS earlier_id,
        earlier.date AS earlier_date,
        earlier.accepted_at AS earlier_at
    FROM asked AS again
    JOIN asked AS earlier
        ON earlier.caller = again.caller
        AND earlier.category = again.category
        AND (earlier.accepted_at, earlier.ticket_id) < (again.accepted_at, again.ticket_id)
        AND earlier.date >= again.date - 30
)
SELECT
    strftime(accepted_at, '%Y-%m') AS month,
    ticket_id,
    date,
    arg_min(earlier_id, (earlier_at, earlier_id)) AS first_ticket_id,
    count(*) + 1 AS sequence,
    date - min(earlier_date) AS days_since_first,
    category,
    region,
    unit,
    min(earlier_date) AS first_date
FROM pair
GROUP BY month, ticket_id, date, category, region, unit;
