CREATE TABLE knowledge AS
SELECT
    strftime(更新时间::TIMESTAMP, '%Y-%m') AS month,
    更新时间::DATE AS date,
    报送单位 AS unit,
    count(*) FILTER (更新类型 = '新增') AS added,
    count(*) FILTER (更新类型 = '修改') AS revised,
    count(*) FILTER (更新类型 = '作废') AS retired
FROM knowledge_export
GROUP BY ALL;
