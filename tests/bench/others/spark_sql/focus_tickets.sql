SELECT date_format(accepted_at, 'yyyy-MM') AS month, ticket_id, to_date(accepted_at) AS date,
    sector, category, region, unit, urgency, left(title, 60) AS title,
    accepted_at, dispatched_at, deadline, closed_at, status
FROM tickets
WHERE sector IS NOT NULL AND handling = '转办' AND status <> '已作废'
