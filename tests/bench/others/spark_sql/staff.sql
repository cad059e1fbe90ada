SELECT month, position,
    count_if(on_duty = '是') AS on_duty,
    count_if(assessment <> '未考评') AS assessed,
    count_if(assessment IN ('优秀', '合格')) AS passed
FROM staff
GROUP BY ALL
