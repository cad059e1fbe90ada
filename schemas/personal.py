"""What names a person in a text: numbers, plates, accounts, addresses, names.

Patterns are of Polars' regular expressions (Rust: Unicode classes, no look-around). Two rooms read
them: `schemas.rules` quarantines names of units and the like, `assets.masking` masks texts.
"""

import re
from typing import Final

# Digits in any script or ring, and Chinese ones, plain or financial.
DIGIT: Final = r"[\p{N}零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_ONE = "[1１一壹幺①⑴⒈❶➀➊¹₁㈠㊀𝟏𝟙𝟣𝟭𝟷]"
_THREE_TO_NINE = (
    "[3-9３-９三四五六七八九叁肆伍陆柒捌玖③-⑨⑶-⑼⒊-⒐❸-❾➂-➈➌-➒㈢-㈨㊂-㊈³⁴-⁹₃-₉"
    r"\x{1D7D1}-\x{1D7D7}\x{1D7DB}-\x{1D7E1}\x{1D7E5}-\x{1D7EB}\x{1D7EF}-\x{1D7F5}\x{1D7F9}-\x{1D7FF}]"
)
# What may stand between the digits of one number: nothing that is a letter, a digit or a guard
# (`assets.masking` guards dates with private-use characters).
ANY_GAP: Final = r"[^\p{L}\p{N}\x{e000}-\x{e00f}]{0,3}"
# Eleven digits that begin as a mobile does, whatever separates them, and no twelfth.
MOBILE: Final = (
    rf"(^|[^\p{{N}}])((?:[+＋]?(?:00)?86{ANY_GAP})?{_ONE}{ANY_GAP}"
    rf"{_THREE_TO_NINE}(?:{ANY_GAP}{DIGIT}){{9}})($|[^\p{{N}}])"
)
_SEPARATOR = r"[^\p{L}\p{N}\x{e000}-\x{e00f}]{1,3}"
_D = "[0-9０-９]"
# An ID in its groups (place, birthday, order), a bank card in fours, an ID of Hong Kong.
GROUPED: Final = (
    rf"{_D}{{6}}{ANY_GAP}(?:1[89]|20){_D}{{2}}{ANY_GAP}[01]{_D}{ANY_GAP}[0-3]{_D}{ANY_GAP}"
    rf"{_D}{{3}}{ANY_GAP}[0-9０-９xXｘＸ]"
    rf"|{_D}{{4}}(?:{_SEPARATOR}{_D}{{4}}){{3}}(?:{_SEPARATOR}{_D}{{1,3}})?"
    r"|[A-Za-zＡ-Ｚａ-ｚ]{1,2}[0-9]{6}[(（][0-9Aa][)）]"
)
_BETWEEN = r"[^\p{L}\p{N}:：\x{e000}-\x{e00f}]{1,3}"
LANDLINE: Final = rf"0{_D}{{2,3}}{_BETWEEN}{_D}{{3,4}}{_BETWEEN}{_D}{{4}}"
_ALNUM = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
MAIL: Final = (
    rf"[{_ALNUM}._%+\-]+ ?(?:[@＠﹫]|[(（\[]at[)）\]]) ?[{_ALNUM}\-]+(?: ?[.．。] ?[{_ALNUM}\-]+)+"
)
PLATE: Final = (
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-NP-Za-hj-np-zＡ-Ｚａ-ｚ][·•・.．\s\-－]{0,2}"
    rf"[{_ALNUM}]{{4,6}}[挂学警港澳领]?"
)
# An account beside the word that says of what.
ACCOUNT: Final = (
    r"((?i:微信|威信|薇信|v信|weixin|wechat|wx|vx|加v|加微|qq|扣扣|企鹅|抖音|快手|小红书|微博|支付宝"
    r"|钉钉|陌陌|telegram|whatsapp)(?:账号|帐号|号码|群号|号|ID|id|群|昵称)?[\s:：=为是叫(（“\"]{0,4})"
    rf"([{_ALNUM}_][{_ALNUM}_\-]{{5,}})"
)
# What MAIL, PLATE and ACCOUNT cannot be without, as one cheap search.
HINTS: Final = (
    r"[@＠﹫]|(?i:[(（\[]at[)）\]])|(?i:微信|威信|薇信|v信|weixin|wechat|wx|vx|加v|加微|qq|扣扣|企鹅|抖音|快手)"
    "|(?i:小红书|微博|支付宝|钉钉|陌陌|telegram|whatsapp)"
    "|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-zＡ-Ｚａ-ｚ]"
)
_NUMBER_WORD = r"(?:[0-9０-９]{1,5}|[一二三四五六七八九十百]{1,5})"
# A house, a door or a flat: it names who lives there. A street by itself does not.
ADDRESS: Final = (
    rf"(?:[\p{{Han}}]{{0,4}}(?:路|街|巷|道|弄|胡同|里|坊)){_NUMBER_WORD}号(?:$|[^\p{{Han}}]|院|楼|之|附)"
    rf"|{_NUMBER_WORD}(?:号楼|栋|幢|单元)(?:{_NUMBER_WORD}(?:单元|楼|层))*(?:[东西南北中]?户|{_NUMBER_WORD}[室号户])?"
    rf"|{_NUMBER_WORD}组{_NUMBER_WORD}(?:号|户)|[0-9０-９]{{3,4}}室"
)

# --- names of persons -----------------------------------------------------------------------------

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏"
    "卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯"
    "邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤"
    "毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席"
    "卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房"
)
_COMPOUND = (
    "欧阳|太史|端木|上官|司马|独孤|南宫|夏侯|诸葛|尉迟|皇甫|公孙|慕容|宇文|司徒|轩辕|令狐|长孙|澹台"
)
_FREQUENT = _SURNAMES[: _SURNAMES.index("文") + 1]
_GIVEN = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉红文建国志梅云春海林龙俊波辉斌鹏"
    "飞宇浩凯健帅鑫婷雪琳晶倩洁莹颖佳慧琴萍燕玲珍凤莲荣芬芝香菊淑贵福祥德忠义信仁智勤俭永"
    "成立新生东江山峰松柏青夏秋冬雨晨阳星月光亮昌盛兴旺发财富康宁顺利庆喜乐祖耀宗世家小大"
    "少子美艺思佩雅欣怡悦梦瑶琪琦璐露蕾薇菲蓉茜芸诗涵雯霖霏彤丹彩虹锦绣银铁钢铭锋锐钧钰瑞"
    "瑜璇珊瑾瑛琼恒泽豪博毅然轩睿晖旭昊翔桐萱妍媛嫣娇娥妮婉仙巧翠爱惠培振根木水火树全胜武"
    "威彪虎豹双元启先定安邦奇学礼民保长清泉洪进友良士群善继绍良运广才正学维绪万贤敬彬政靖"
    "朝"
)
# Places and words that would pass for a name.
_PLACES = (
    " 万全 万宁 万安 万山 万年 万荣 余庆 余江 吴江 吴兴 周宁 唐山 "
    "夏青 孟春 宁强 宁国 安康 安平 安国 安定 安庆 安泽 常宁 常山 "
    "常德 常熟 康乐 康定 康平 彭山 彭泽 文成 文山 文峰 文昌 文水 "
    "文明 方山 方正 方言 易门 林芝 梁山 梁平 武威 武宁 武安 武定 "
    "武山 武平 武强 武昌 武清 武胜 武进 武江 江东 江山 江安 江宁 "
    "江海 江永 江源 江阳 江华 沈阳 汪清 石林 石泉 石峰 石龙 白云 "
    "白山 白水 白玉 罗山 罗平 罗江 罗定 苏仙 萧山 许昌 贺兰 郑重 "
    "金东 金凤 金华 金安 金山 金平 金昌 金明 金水 金银 金阳 钟山 "
    "钟祥 雷山 雷波 韩城 马山 马龙 高安 高平 高明 高昌 高阳 高青 "
    "高端 高大 高中 高学 黄山 黄平 黄梅 黄龙 黄金 黎平 龙华 龙安 "
    "龙山 龙岩 龙江 龙泉 龙海 高新 石家庄 马鞍山 武夷山 汤泉 温泉 "
    "成长 成立 关爱 关于 时光 时政 时间 包容 解放 车辆 房产 公正 "
    "田园 毛利 管理 许多 江水 江河 万民 常学 文学 文武 文娱 康健 "
    "马虎 白银 水利 石材 金属 龙虎 高峰 黄土 万元 成本 成人 华东 "
    "华安 华容 华阳 单元 左右 向阳 安民 安全 安华 安宁 安乐 祝福 "
    "祝贺 景泰 景东 盛大 强国 强军 温州 阳光 阳春 温江 江城 "
)
# With these ends a word is a place or an office.
_OFFICES = re.compile(
    "(?:[县区市州镇乡村庄寨屯堡营铺店街路巷弄沟河湖桥坝坪坡岭岗湾滩洲岛港局办委部站所处科室组会司厂场校院队厅馆园行社台"
    "线门类型费税房厕网业店坊府口]|中心|街道|小学|中学|大学)$"
)
_HONORIFIC = (
    "先生|女士|小姐|老师|同志|大爷|大妈|大叔|大姐|大哥|阿姨|师傅|奶奶|爷"
    "爷|医生|律师|老板|经理|某某|某某某|某"
)
CALLED: Final = re.compile(
    rf"(?:[{_SURNAMES}]|{_COMPOUND})(?:{_HONORIFIC}|某[\u4e00-\u9fff]|[xX×*＊]{{1,2}})"
)
_WHOLE = re.compile(rf"(?:(?P<long>{_COMPOUND})|[{_SURNAMES}])(?P<given>[\u4e00-\u9fff]{{1,2}})")
_COUNTED = " 张三 李四 王五 赵六 孙七 周八 吴九 郑十 王二 李二 张二 "
# What may be a name at all, for the many values that are not: a cheap look at the first character.
MAYBE_NAME: Final = (
    rf"^(?:[{_SURNAMES}][\p{{Han}}xX×*＊]{{1,3}}|(?:{_COMPOUND})[\p{{Han}}xX×*＊]{{1,3}})$"
)


def is_person(text: str) -> bool:
    """Whether a short text, as a whole, is what a person is called.

    Right for what is common, not for every name: a surname with a form of address or 某, a compound
    surname with a given name, or one of the hundred most frequent surnames (any surname for three
    characters) with characters that given names are made of. Places, offices and words that would
    pass are none.
    """
    if CALLED.fullmatch(text) or f" {text} " in _COUNTED:
        return True
    found = _WHOLE.fullmatch(text)
    if found is None or f" {text} " in _PLACES or _OFFICES.search(text):
        return False
    given = found["given"]
    if found["long"]:
        return True
    return (len(given) == 2 or text[0] in _FREQUENT) and _GIVEN.issuperset(given)
