"""Names that look alike: the same but for blanks, punctuation or characters easily mistaken.

Characters are alike where one is the traditional or older form of the other, or where the two are
known to be taken for each other; that names differ in one character is not enough (东区, 西区).
"""

import re
from collections.abc import Iterable

# Traditional and older forms that names of offices, places and subjects are written with, and the
# simplified ones, one below the other.
_TRADITIONAL = (
    "國學區縣鄉鎮東車門長馬鳥魚龍電話務業農産產衛醫療藥險環護態規劃劉陳楊趙張吳呉黃葉蘇韓漢陽陰"
    "陝寶雞鷄銅鋼鐵鐘錢銀鄭鄧鄒關開閩閱隊階際隨雲霧靈頭顧題類飛飯館驗體點齊齒龜廣廠廳應慶懷憲戰"
    "戶戸擔據擴攝敎數斷時晉曉書會條來極構樓標樣樹橋機檢權歐歲歷歸殘氣決沒況淨淺測溝滅滬漁潔潛澤"
    "濟濱瀋灣災無煙熱燈爐爭爲為牆獎獨獲現畫異當發監盤眾衆礦禮種稱穩窮競筆節範築簡糧紀約紅級紙純"
    "組結給絡統經綜綠維網線緊編縱總績織續罷罰羅義習聖聞聯聲職聽肅脫腦興舉舊艦藝蘭處虛號蟲術補裝"
    "製複見視覺覽觀計訓記訪設許訴診評試該誠語誤說説調談請論證識譯議讀變讓豐貝財責貨質貿費資賓賞"
    "賽贈軌軍軟輔輛輸轄轉辦運過達違遞遠適選遷還邊郵鄰釋針錄鎖鏡閉問間閣陸隱雙雜離難靜頁項順須預"
    "領頻額願風養餘騎驛魯鮮麥黨齡內査溫淸靑強冊涼"
)
_SIMPLIFIED = (
    "国学区县乡镇东车门长马鸟鱼龙电话务业农产产卫医疗药险环护态规划刘陈杨赵张吴吴黄叶苏韩汉阳阴"
    "陕宝鸡鸡铜钢铁钟钱银郑邓邹关开闽阅队阶际随云雾灵头顾题类飞饭馆验体点齐齿龟广厂厅应庆怀宪战"
    "户户担据扩摄教数断时晋晓书会条来极构楼标样树桥机检权欧岁历归残气决没况净浅测沟灭沪渔洁潜泽"
    "济滨沈湾灾无烟热灯炉争为为墙奖独获现画异当发监盘众众矿礼种称稳穷竞笔节范筑简粮纪约红级纸纯"
    "组结给络统经综绿维网线紧编纵总绩织续罢罚罗义习圣闻联声职听肃脱脑兴举旧舰艺兰处虚号虫术补装"
    "制复见视觉览观计训记访设许诉诊评试该诚语误说说调谈请论证识译议读变让丰贝财责货质贸费资宾赏"
    "赛赠轨军软辅辆输辖转办运过达违递远适选迁还边邮邻释针录锁镜闭问间阁陆隐双杂离难静页项顺须预"
    "领频额愿风养余骑驿鲁鲜麦党龄内查温清青强册凉"
)
# Each is taken for the first one of its group.
_MISTAKEN = (
    *("己已巳", "未末", "土士", "日曰", "戊戌戍", "人入", "千干", "毋母", "治冶", "折拆", "侯候"),
    *("哀衷衰", "瓜爪", "免兔", "鸟乌", "天夭", "口囗", "汨汩"),
    *("1lI|", "0O〇"),
    # Forms that stand for parts of characters, which copying out of a PDF brings in.
    *(
        "长⻓",
        "门⻔",
        "马⻢",
        "见⻅",
        "贝⻉",
        "车⻋",
        "页⻚",
        "风⻛",
        "飞⻜",
        "鱼⻥",
        "鸟⻦",
        "齐⻬",
        "龙⻰",
    ),
    *("民⺠", "户⼾", "青⻘", "黄⻩", "西⻄", "食⻝", "麦⻨", "黑⿊"),
)
_SAME = str.maketrans(_TRADITIONAL, _SIMPLIFIED) | {
    ord(sign): group[0] for group in _MISTAKEN for sign in group[1:]
}
# Between two digits it tells 1-1 from 11.
_NO_LETTER = re.compile(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])")


def similar_names(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of different names that look alike, each in order.

    Args:
        names: spelt as `spell_name` spells them; the cost is that of looking at each once.
    """
    groups: dict[str, set[str]] = {}
    for name in names:
        # Twice: what a form of a part stands for may itself be mistaken.
        alike = name.translate(_SAME).translate(_SAME).casefold()
        groups.setdefault(_NO_LETTER.sub("", alike), set()).add(name)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)
