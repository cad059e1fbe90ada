CREATE TABLE staff AS
SELECT
    月份 AS month,
    岗位 AS position,
    count(*) FILTER (在岗 = '是') AS on_duty,
    count(*) FILTER (考评结果 <> '未考评') AS assessed,
    count(*) FILTER (考评结果 IN ('优秀', '合格')) AS passed
FROM staff_export
GROUP BY ALL;
