SELECT date_format(updated_at, 'yyyy-MM') AS month, to_date(updated_at) AS date, unit,
    count_if(action = '新增') AS added,
    count_if(action = '修改') AS revised,
    count_if(action = '作废') AS retired
FROM knowledge
GROUP BY ALL
