-- One row a ticket: of its versions the latest, of two equally late ones that of the later file.
CREATE TEMP TABLE current_ticket AS
WITH latest AS (
    SELECT *
    FROM tickets_export
    QUALIFY row_number() OVER (
        PARTITION BY 工单编号 ORDER BY 更新时间::TIMESTAMP DESC, parse_filename(path) DESC
    ) = 1
),
typed AS (
    SELECT
        工单编号 AS ticket_id,
        话单编号 AS call_id,
        受理渠道 AS channel,
        诉求类型 AS ticket_type,
        诉求分类 AS category,
        重点领域 AS sector,
        紧急程度 AS urgency,
        所属区县 AS region,
        诉求标题 AS title,
        承办单位 AS unit,
        办理方式 AS handling,
        工单状态 AS status,
        退单次数::BIGINT AS returns,
        受理时间::TIMESTAMP AS accepted_at,
        转办时间::TIMESTAMP AS dispatched_at,
        延期至::TIMESTAMP AS extended_to,
        办结时间::TIMESTAMP AS closed_at
    FROM latest
)
-- Answered on the spot: no deadline. An extension counts where it is later; greatest() skips nulls.
SELECT
    typed.*,
    CASE
        WHEN handling = '直接答复' THEN NULL
        WHEN urgency = '突发' THEN greatest(accepted_at + INTERVAL 2 HOURS, extended_to)
        ELSE greatest(due_on + TIME '23:59:59', extended_to)
    END AS deadline
FROM typed
LEFT JOIN due
    ON due.accepted_on = accepted_at::DATE
    AND due.days = CASE WHEN ticket_type = '咨询' THEN 3 ELSE 5 END;
