-- Scores are added as decimals: a sum of floats would depend on the order of the rows.
CREATE TABLE quality AS
SELECT
    strftime(质检时间::TIMESTAMP, '%Y-%m') AS month,
    质检时间::DATE AS date,
    质检方式 AS mode,
    count(*) AS monitored,
    count(*) FILTER (是否合格 = '是') AS passed,
    sum(得分::DECIMAL(9, 2))::DOUBLE AS score_sum
FROM quality_export
GROUP BY ALL;
