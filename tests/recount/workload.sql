-- Events of dispatched tickets, each on its day; what an open one would go through after the cutoff
-- has not happened.
CREATE TABLE workload AS
WITH ticket AS (
    SELECT
        strftime(accepted_at, '%Y-%m') AS month,
        unit,
        accepted_at,
        closed_at,
        deadline,
        greatest(accepted_at, deadline - INTERVAL 24 HOURS) AS soon_at
    FROM current_ticket
    WHERE handling = '转办' AND status <> '已作废'
),
event AS (
    SELECT month, unit, accepted_at AS happened_at, 'opened' AS what FROM ticket
    UNION ALL
    SELECT month, unit, closed_at, 'closed' FROM ticket WHERE closed_at IS NOT NULL
    UNION ALL
    SELECT month, unit, deadline, 'turned_overdue' FROM ticket
    WHERE CASE WHEN closed_at IS NULL THEN deadline < getvariable('cutoff') ELSE deadline < closed_at END
    UNION ALL
    SELECT month, unit, closed_at, 'overdue_closed' FROM ticket WHERE closed_at > deadline
    UNION ALL
    SELECT month, unit, soon_at, 'turned_due_soon' FROM ticket
    WHERE soon_at < deadline
    AND CASE WHEN closed_at IS NULL THEN soon_at < getvariable('cutoff') ELSE soon_at < closed_at END
    UNION ALL
    SELECT month, unit, deadline, 'due_soon_ended' FROM ticket
    WHERE soon_at < deadline
    AND CASE WHEN closed_at IS NULL THEN deadline < getvariable('cutoff') ELSE deadline < closed_at END
    UNION ALL
    SELECT month, unit, closed_at, 'due_soon_ended' FROM ticket
    WHERE soon_at < closed_at AND closed_at <= deadline
)
SELECT
    month,
    happened_at::DATE AS date,
    unit,
    count(*) FILTER (what = 'opened') AS opened,
    count(*) FILTER (what = 'closed') AS closed,
    count(*) FILTER (what = 'turned_overdue') AS turned_overdue,
    count(*) FILTER (what = 'overdue_closed') AS overdue_closed,
    count(*) FILTER (what = 'turned_due_soon') AS turned_due_soon,
    count(*) FILTER (what = 'due_soon_ended') AS due_soon_ended
FROM event
GROUP BY ALL;
