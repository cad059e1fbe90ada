"""Every reason for which a whole file is refused or held, and what to do, in Chinese and English.

Who detects a reason is written where it is detected.
"""

from schemas.rules import Rule

_RULES = (
    Rule(
        "empty_file",
        "文件没有内容，请重新导出（没有数据的一天也应有表头）。",
        "The file is empty; export it again (a day without data still has a header).",
    ),
    Rule(
        "header_unknown",
        "前20行内找不到表头，请核对是否导错了表，或在来源配置中登记新的列名、分隔符、表头所在行。",
        "No header row within the first 20 lines; check the export or extend the profile.",
    ),
    Rule(
        "header_extra",
        "表头中有不认识的列（{columns}），请在来源配置中登记或忽略这些列。",
        "The header holds unknown columns ({columns}); map or ignore them in the profile.",
    ),
    Rule(
        "header_missing",
        "表头缺少必需的列（{columns}），请重新导出。",
        "The header lacks required columns ({columns}).",
    ),
    Rule(
        "header_doubled",
        "表头中同一列出现两次（{columns}），请删去一列。",
        "The header names a column twice ({columns}).",
    ),
    Rule(
        "no_valid_line",
        "没有一行可以读出，请核对列数、分隔符和引号，重新导出，或在来源配置中用delimiter、quote写明。",
        "Not one line could be accepted: check delimiter and quotes, or name them in the profile.",
    ),
    Rule(
        "encoding",
        "文字编码既不是UTF-8也不是GB18030（看似{found}），请在来源配置中用encoding写明编码，或另存为UTF-8后重新提交。",
        "Neither UTF-8 nor GB18030, but probably {found}; name it in the profile or save as UTF-8.",
    ),
    Rule(
        "encoding_utf16",
        '文件是UTF-16编码，请在来源配置中写明encoding = "utf-16"，或另存为UTF-8后重新提交。',
        "The file is UTF-16; name the encoding in the profile or save as UTF-8.",
    ),
    Rule(
        "too_large",
        "文件（或解压后）超过大小上限，请分成几份，或在来源配置中调高上限。",
        "The file, or what it unpacks to, is over the size limit.",
    ),
    Rule("gzip_damaged", "压缩文件已损坏，请重新导出。", "The gzip file is damaged."),
    Rule(
        "xls_format",
        "不支持旧版.xls格式，请另存为.xlsx后重新提交。",
        "The old .xls format is not read; save as .xlsx.",
    ),
    Rule(
        "workbook_damaged",
        "Excel文件已损坏或加密，请用Excel打开后另存为.xlsx。",
        "The workbook is damaged or encrypted; open and save it as .xlsx.",
    ),
    Rule(
        "workbook_encrypted",
        "Excel文件有密码，请去掉密码后重新提交。",
        "The workbook is encrypted; remove its password.",
    ),
    Rule(
        "over_memory",
        "读取这个文件需要的内存超过上限（{limit} MiB），未入库；请拆成几份重新提交，"
        "或换到内存更大的机器上。",
        "Reading the file takes more memory than there is ({limit} MiB for a file); split it.",
    ),
    Rule(
        "erased",
        "这个文件无法入库，里面又有已应请求删除的个人信息，存档没有保留它；"
        "请平台重新导出不含这些行的文件。",
        "The file cannot be taken and names somebody whose rows were erased: it was not kept.",
    ),
    Rule(
        "too_many_columns",
        "表头的列数超过上限，请核对是否导错了文件。",
        "The header has too many columns.",
    ),
    Rule(
        "reader_disagrees",
        "文件结构无法可靠地读出，请重新导出；如再次出现请联系维护人员。",
        "Two readings of the file differ in their number of lines.",
    ),
    Rule(
        "format_unknown",
        "不支持这种文件格式，请导出为.csv、.csv.gz或.xlsx。",
        "Not a .csv, .csv.gz or .xlsx file.",
    ),
    Rule(
        "quarantined_share",
        "{read}行中有{quarantined}行不合格，超过上限{limit}，整个文件未入库；请更正后重新提交。",
        "{quarantined} of {read} rows break rules, above the limit of {limit}.",
    ),
    Rule(
        "key_unusable",
        "编号列不能作为编号：{conflicts}行的编号相同而内容不同，请核对导出设置（编号是否被截断）。",
        "The key is no key: {conflicts} rows share one with other content (cut off ids?).",
    ),
    Rule(
        "unreadable",
        "没有读取这个文件的权限，请检查权限后再运行一次。",
        "There is no permission to read the file.",
    ),
    Rule(
        "outside_landing",
        "文件是指向接收目录之外的链接，未读取；请把文件本身放入接收目录。",
        "A link that leaves the landing folder is not followed.",
    ),
)

FILE_RULES: dict[str, Rule] = {rule.id: rule for rule in _RULES}

# Of a delivery that is implausible: what was found and what was expected of it. Either it is held
# until a person decides (`assets.exports.states`), or it counts and people are told.
_FINDING_RULES = (
    Rule(
        "same_content",
        "内容与 {expected} 的文件完全相同，可能导错了日期，请平台按日期重新导出。",
        "The content is that of the file of {expected}; perhaps it was exported for another date.",
    ),
    Rule(
        "fewer_rows",
        "只有 {found} 行，不到要替换的文件（{expected} 行）的一半，可能没有导全，仍用原来的文件；"
        "请平台核对后重新导出。",
        "It has {found} rows, less than half of the {expected} of the file that it would replace.",
    ),
    Rule(
        "rows_low",
        "{found}，{expected}：可能没有导出完整，请平台核对后重新导出。",
        "Fewer rows than were to be expected.",
    ),
    Rule(
        "no_rows",
        "{found}，{expected}：可能没有导出完整，请平台核对后重新导出。",
        "No rows where some were to be expected.",
    ),
    Rule(
        "only_follow_ups",
        "{found}，{expected}：像是已停止受理，只剩后续办理，照常计入；如未停止，请平台补交。",
        "Nothing new was opened and no other dataset has a file: the service seems to have ended.",
    ),
    Rule(
        "rows_high",
        "{found}，{expected}：可能重复导出或导出了多日，也可能确有突增，请核对。",
        "More rows than were to be expected.",
    ),
    Rule(
        "same_rows",
        "{found}，{expected}：可能是把旧文件改名后重交，请平台按日期重新导出。",
        "Half of the rows or more stand in the deliveries of another date.",
    ),
    Rule(
        "other_days",
        "{found}，{expected}：可能导出了别的日期，请平台核对导出条件后重新导出。",
        "Most rows are not of the day that the file is about.",
    ),
    Rule(
        "hours_empty",
        "{found}，{expected}：可能只导出了一部分时段，请平台核对后重新导出。",
        "A stretch of hours without rows.",
    ),
    Rule(
        "clock_shifted",
        "{found}，{expected}：可能时区或时钟设置有变，请平台核对后重新导出。",
        "The hours fit better when shifted as a whole.",
    ),
    Rule(
        "shares_moved",
        "{found}，{expected}：可能导出条件或代码有变，请平台核对。",
        "The share of a code, or of empty cells, is far from the usual one.",
    ),
    Rule(
        "column_constant",
        "{found}，{expected}：可能导出时丢了内容，请平台核对后重新导出。",
        "A column became empty or has one value only.",
    ),
    Rule(
        "id_form",
        "{found}，{expected}：可能被截断或改了编号规则，请平台核对。",
        "Ids have a form that was never seen.",
    ),
    Rule(
        "id_order",
        "{found}，{expected}：可能是旧数据改了日期，请平台核对后重新导出。",
        "Ids that always rose from day to day no longer do.",
    ),
)
FINDING_RULES: dict[str, Rule] = {rule.id: rule for rule in _FINDING_RULES}
