-- A ticket counts in the month of its acceptance, whenever it was closed; voided ones stand apart.
CREATE TABLE tickets AS
WITH ticket AS (
    SELECT
        *,
        status <> '已作废' AS counts,
        counts AND closed_at IS NOT NULL AS is_closed,
        counts AND closed_at IS NULL AS is_open,
        coalesce(closed_at > deadline, false) AS late,
        coalesce(getvariable('cutoff') > deadline, false) AS overdue
    FROM current_ticket
)
SELECT
    strftime(accepted_at, '%Y-%m') AS month,
    accepted_at::DATE AS date,
    channel,
    ticket_type,
    category,
    sector,
    urgency,
    region,
    unit,
    handling,
    count(*) FILTER (counts) AS accepted,
    count(*) FILTER (counts AND handling = '直接答复') AS direct_answered,
    count(*) FILTER (counts AND handling = '转办') AS dispatched,
    count(*) FILTER (is_closed) AS closed,
    count(*) FILTER (is_closed AND NOT late) AS closed_on_time,
    count(*) FILTER (is_closed AND late) AS closed_late,
    count(*) FILTER (is_open AND NOT overdue) AS open_in_time,
    count(*) FILTER (is_open AND overdue) AS open_overdue,
    count(*) FILTER (status = '已并单') AS merged,
    count(*) FILTER (counts AND returns > 0) AS returned_tickets,
    coalesce(sum(returns) FILTER (counts), 0)::BIGINT AS returns,
    count(*) FILTER (counts AND extended_to IS NOT NULL) AS extended,
    coalesce(sum(date_diff('second', accepted_at, closed_at)) FILTER (is_closed), 0)::BIGINT
        AS close_seconds,
    count(*) FILTER (NOT counts) AS excluded_void
FROM ticket
GROUP BY ALL;
