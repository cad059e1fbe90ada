CREATE TABLE focus_tickets AS
SELECT
    strftime(accepted_at, '%Y-%m') AS month,
    ticket_id,
    accepted_at::DATE AS date,
    sector,
    category,
    region,
    unit,
    urgency,
    accepted_at AT TIME ZONE 'Asia/Shanghai' AS accepted_at,
    dispatched_at AT TIME ZONE 'Asia/Shanghai' AS dispatched_at,
    deadline AT TIME ZONE 'Asia/Shanghai' AS deadline,
    closed_at AT TIME ZONE 'Asia/Shanghai' AS closed_at,
    status
FROM current_ticket
WHERE sector IS NOT NULL AND handling = '转办' AND status <> '已作废';
