WITH ticket AS (
    SELECT *, status <> '已作废' AS counts,
        counts AND closed_at IS NOT NULL AS is_closed, counts AND closed_at IS NULL AS is_open,
        coalesce(closed_at > deadline, false) AS late,
        coalesce(TIMESTAMP '{cutoff}' > deadline, false) AS overdue
    FROM tickets
)
SELECT date_format(accepted_at, 'yyyy-MM') AS month, to_date(accepted_at) AS date,
    channel, ticket_type, category, sector, urgency, region, unit, handling,
    count_if(counts) AS accepted,
    count_if(counts AND handling = '直接答复') AS direct_answered,
    count_if(counts AND handling = '转办') AS dispatched,
    count_if(is_closed) AS closed,
    count_if(is_closed AND NOT late) AS closed_on_time,
    count_if(is_closed AND late) AS closed_late,
    count_if(is_open AND NOT overdue) AS open_in_time,
    count_if(is_open AND overdue) AS open_overdue,
    count_if(status = '已并单') AS merged,
    count_if(counts AND returns > 0) AS returned_tickets,
    sum(if(counts, returns, 0)) AS returns,
    count_if(counts AND extended_to IS NOT NULL) AS extended,
    sum(if(is_closed, unix_timestamp(closed_at) - unix_timestamp(accepted_at), 0)) AS close_seconds,
    count_if(NOT counts) AS excluded_void
FROM ticket
GROUP BY ALL
