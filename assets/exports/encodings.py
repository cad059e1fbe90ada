"""Which encoding a text is in whose header does not tell: how likely its characters are in each.

A character costs the negative logarithm of its probability in the language that an encoding stands
for, in nats, by a table of classes: how many characters a class has, and how much of a text. The
encoding in which the bytes cost least is the one they were written in. What GB18030 reads from the
bytes of another encoding are rare characters, private ones, or letters between Latin letters.
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import NamedTuple

from assets.exports.gb18030 import REPLACE, decode_gb18030

# Words that are looked at: more tell nothing new.
_WORDS = 400
# Every byte of a character of two to four bytes is above these in all encodings.
_WORD = re.compile(rb"[\x30-\x7e]*[\x80-\xff][\x30-\x7e\x80-\xff]*")
# Another encoding must be so much likelier, in nats: e^7 is a thousand to one. One letter in three
# names looks like half of a Chinese character, so alphabets must be far likelier.
_MARGIN, _MARGIN_OF_ALPHABETS = 7.0, 22.0
# What no text of the language holds.
_ALIEN = 17.0
_REPLACEMENT = "\ufffd"


class _Model(NamedTuple):
    """A language as it is written.

    Attributes:
        cost: of a character.
        margin: by how much it must be likelier than Chinese.
        odd: what stands in no word of it, and costs as much again.
        odd_cost: how much.
    """

    cost: Callable[[str], float]
    margin: float = _MARGIN
    odd: re.Pattern[str] = re.compile("(?!)")
    odd_cost: float = 4.0


_ODD_LATIN = re.compile(r"(?<=[a-z\x80-\U0010ffff])[A-Z]|(?<=[^\x00-\x7f])[^\x00-\x7f]")

# The characters of three quarters of any Chinese text, and of most names of persons and places.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后"
    "作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只"
    "从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头"
    "文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立"
    "及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接"
    "必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权"
    "思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔"
    "县镇乡村街道巷号室楼栋单元组委办局厅厂站所站校医药店桥河江湖湾港坝坪沟岭岗坡庄屯堡寨营城郊区域"
    "省州府京沪津渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁疆汉台勉洋略阳留佛固巴强古路灯坏"
    "停供排暖煤费缴税险养康保障残疾孕幼师车辆违章占噪音污染垃圾臭烟油尘施拆迁宅房屋租售物业漏积堵损亮修"
    "投诉举咨询建议表扬求助反映办结满意受理转派催回访评价热线工单编号来电姓名性别地址内容时间状态部门渠"
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华魏陶姜戚谢邹喻柏窦章潘葛奚范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬常乐于时傅皮齐康伍余元顾孟黄穆萧尹姚邵汪毛禹狄"
    "贝明臧伏成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田胡霍万支柯"
    "管卢莫房解丁宣邓单杭洪包诸左石崔龚程邢裴陆荣翁甄曲封靳松井段富焦侯谷车全班秋仲宫宁仇甘武符刘景詹龙"
    "叶幸司黎白怀蒲卓蔺池乔闻党翟谭姬申冉桑牛边温庄晏柴阎连向古易廖耿匡欧沃聂冷简饶曾沙丰游权岳涂辛阚关"
    "伟芳娜秀英敏静丽艳军杰娟涛超霞刚桂红玉鹏飞宇轩浩博俊雪婷欣怡佳倩慧颖琳洁莉萍玲芬燕红春兰菊凤彬斌辉"
    "勇毅峰磊洋志强伟健凯旭阳晨曦梓涵子轩一诺雨泽诗瑶思琪若萱淑珍桂英建国庆爱华永福寿祥瑞喜贵德义忠诚信"
)
_TRADITIONAL = _COMMON | frozenset(
    "個們來為國時會說對這發後裡裏種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問應戰頭體見產制話給門義員"
    "認條氣題爾總電數報結變務場計資許統區隊決馬書則聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運筆"
    "縣鎮鄉組辦廳廠醫藥橋灣壩溝嶺崗莊營臺灣區噪污處費險養師車輛違拆遷屋租漏積堵損壞燈停訴舉諮詢議揚轉訪評價"
    "熱線單編號來電狀態門趙錢孫馮陳衛楊許呂張嚴華魏鄒喻竇葛範魯韋馬鳳費湯羅畢郝鄔樂時傅齊顧黃穆蕭龐紀項賈婁"
    "鐘鍾駱盧鄧單陸榮龔甯劉葉閻連歐聶饒關偉麗艷軍傑濤剛鵬飛軒凱陽夢澤淑貞慶愛國寶貴義廢棄物類體圖書館園環"
    "府政局處民眾請勿私拍賣購買點擊檢視樓層號碼聯絡絡網頁件傳真郵遞東雲蘭鐵漢語點錄"
)
_JAPANESE = _TRADITIONAL | frozenset(
    "会国学気円区県図書館駅町村丁目番号室建物部課係長様円売買広読語話験検査対応処理済受付窓口相談苦情道路公園"
    "灯故障騒音犬猫不法投棄粗大収集税金保険届出証明発行住所氏名電子内容状況完了未着手担当者連絡先島崎沢浜桜"
    "渡辺斎藤佐々木鈴田中伊山本小林加吉松井清水森池橋阿石川前岡長谷近坂遠青"
)
_HANGUL = frozenset(
    "이다는을가의에고하지로한도나기은사를리자어시그서대인수들부있아정일스보제전해주라만것여장게으상안구소무유비원"
    "러과선오성치신조드동마세모내계물경우공문때없미실진방연행화생국간관양노반산거중용분각작적니운입였되년명개면식"
    "호민학습터당김박최강윤임서권황송류홍백남심허곽차출발금결회단료설치건통제목번담당자내용처리상태접수완료도로가"
    "로등고장쓰레기불편신고울남북경기광역음소천포평택양천종관악"
)
_KANA = r"\u3041-\u30ff"


def guess(text: bytes) -> str:
    """The encoding of a text that is not UTF-8 throughout.

    Args:
        text: bytes, of which at least one is not ASCII.

    Returns:
        "gb18030"; "utf-8" where only some bytes of the text are none; else the name of the
        encoding in which the text is at least a thousand times likelier.
    """
    words = dict.fromkeys(match[0] for match in islice(_WORD.finditer(text), _WORDS))
    sample = b" ".join(words)
    chinese = decode_gb18030(sample, REPLACE).decode()
    # Bytes that are no GB18030 need no proof that they are something else.
    is_valid = _REPLACEMENT not in chinese
    costs = {}
    for name, model in _MODELS.items():
        read = chinese if name == "gb18030" else sample.decode(name, "replace")
        odd = model.odd_cost * len(model.odd.findall(read))
        costs[name] = sum(map(model.cost, read)) + odd + model.margin * is_valid
    return min(costs, key=costs.__getitem__)


# Between small Latin letters no Chinese character stands.
_BETWEEN_LETTERS = re.compile(r"(?<=[a-z])[\u4e00-\u9fff](?=[a-z])")


def _ascii(char: str) -> float:
    return 3.0 if char.isalnum() else 4.0


@cache
def _chinese(char: str) -> float:
    if char < "\x80":
        return _ascii(char)
    if char in _COMMON:
        return 7.0
    try:
        row = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 15.0 if "\u4e00" <= char <= "\u9fff" else _ALIEN
    if row < 0xB0:  # punctuation and full-width characters, then kana and foreign letters
        return 7.0 if row <= 0xA3 else 14.0
    return 9.7 if row < 0xD8 else 12.0  # the two levels of GB 2312


@cache
def _taiwanese(char: str) -> float:
    if char < "\x80":
        return _ascii(char)
    if char in _TRADITIONAL:
        return 7.0
    try:
        row = char.encode("big5")[0]
    except UnicodeEncodeError:
        return _ALIEN
    return 8.0 if row < 0xA4 else 9.7 if row < 0xC7 else 13.5


@cache
def _japanese(char: str) -> float:
    if char < "\x80":
        return _ascii(char)
    if re.match(f"[{_KANA}]", char):
        return 5.5
    if char in _JAPANESE:
        return 7.5
    try:
        row = char.encode("euc_jp")[0]
    except UnicodeEncodeError:
        return _ALIEN
    return 8.0 if row < 0xA4 else 10.0 if 0xB0 <= row < 0xD0 else 13.0


@cache
def _korean(char: str) -> float:
    if char < "\x80":
        return _ascii(char)
    if char in _HANGUL:
        return 5.5
    try:
        row = char.encode("euc_kr")[0]
    except UnicodeEncodeError:
        return 14.0 if "\uac00" <= char <= "\ud7a3" else _ALIEN
    return 9.0 if 0xB0 <= row <= 0xC8 else 13.0


def _alphabet(small: str, cost: float, capital: str = "") -> _Model:
    """The model of a language with letters, by the classes of its small letters and capitals."""
    is_small, is_capital = re.compile(f"[{small}]").match, re.compile(f"[{capital or small}]").match

    @cache
    def of(char: str) -> float:
        if char < "\x80":
            return _ascii(char)
        if char == _REPLACEMENT:
            return _ALIEN
        return cost if is_small(char) else cost + 2 if is_capital(char) else 10.0

    odd = f"(?<=[{small}])[{capital}]|" if capital else ""
    both = f"[{small}{capital}]"
    odd_letters = re.compile(f"{odd}[A-Za-z](?={both})|(?<={both})[A-Za-z]")
    return _Model(of, _MARGIN_OF_ALPHABETS, odd_letters)


def _latin(letters: str) -> _Model:
    """The same for letters that stand between Latin ones, and seldom beside each other."""
    is_letter = re.compile(f"[{letters}]").match

    @cache
    def of(char: str) -> float:
        if char < "\x80":
            return _ascii(char)
        if char == _REPLACEMENT:
            return _ALIEN
        return 4.2 if is_letter(char) else 9.0

    return _Model(of, odd=_ODD_LATIN)


_CYRILLIC = _alphabet("а-яёіїєґ", 3.6, "А-ЯЁІЇЄҐ")
_MODELS: dict[str, _Model] = {
    "gb18030": _Model(_chinese, 0.0, _BETWEEN_LETTERS, 10.0),
    "utf-8": _Model(_chinese),
    "big5": _Model(_taiwanese, _MARGIN + 4),
    "shift_jis": _Model(_japanese),
    "euc_jp": _Model(_japanese),
    "euc_kr": _Model(_korean),
    "windows-1252": _latin("éèàçüöäßñáíóúêôîâëïãõåøæœÉÈÀÇÜÖÄÑÁÓÚÅØ’“”–€£°§«»º"),
    "windows-1250": _latin("ąćęłńóśźżčďěňřšťůžýáíéúäöüőűĄĆĘŁŃŚŹŻČŘŠŽ"),
    "windows-1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "cp866": _CYRILLIC,
    "iso8859-7": _alphabet("α-ωά-ώ", 3.8, "Α-ΩΆΈΉΊΌΎΏ"),
    "windows-1256": _alphabet("\u0621-\u064a،؟", 4.2),
    "windows-1255": _alphabet("\u05d0-\u05ea", 3.8),
    "tis-620": _alphabet("\u0e01-\u0e4f", 4.6),
}
