-- Each dispatched ticket once, with its six events side by side.
WITH ticket AS (
    SELECT date_format(accepted_at, 'yyyy-MM') AS month, unit, accepted_at, closed_at, deadline,
        coalesce(closed_at, TIMESTAMP '{cutoff}') AS known_until,
        greatest(accepted_at, deadline - INTERVAL 24 HOURS) AS soon_at,
        least(known_until, deadline) AS ended_at,
        deadline < known_until AS late,
        ended_at > soon_at AS was_soon
    FROM tickets
    WHERE handling = '转办' AND status <> '已作废'
),
event AS (
    SELECT month, unit, stack(6,
        'opened', accepted_at,
        'closed', closed_at,
        'turned_overdue', if(late, deadline, NULL),
        'overdue_closed', if(late, closed_at, NULL),
        'turned_due_soon', if(was_soon, soon_at, NULL),
        'due_soon_ended', if(was_soon AND (closed_at IS NOT NULL OR late), ended_at, NULL)
    ) AS (what, happened_at)
    FROM ticket
)
SELECT month, to_date(happened_at) AS date, unit,
    count_if(what = 'opened') AS opened,
    count_if(what = 'closed') AS closed,
    count_if(what = 'turned_overdue') AS turned_overdue,
    count_if(what = 'overdue_closed') AS overdue_closed,
    count_if(what = 'turned_due_soon') AS turned_due_soon,
    count_if(what = 'due_soon_ended') AS due_soon_ended
FROM event
WHERE happened_at IS NOT NULL
GROUP BY ALL
