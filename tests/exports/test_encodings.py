"""Which encoding a text is in: no genuine GBK file is refused, wrong ones are, both measured."""

import random

import pytest

from assets.exports.decode import decode
from assets.exports.encodings import guess
from assets.exports.gb18030 import REPLACE, decode_gb18030
from assets.exports.parsed_file import FileRefused

SURNAMES = (
    "赵钱孙李周吴郑王冯陈欧阳诸葛仝亓仉佘逄郗邬璩麴乜妫覃滕缪禤晁仇濮昝邸冼阙宓蓬郏浦尉隗嵇滑裘"
)
GIVEN = "伟芳娜敏静秀英强磊军洋勇艳杰娟涛明超霞刚平辉玲桂英建国志远梓涵一诺雨泽"
RARE = "镕堃喆珺玥囧祎昇晟翀赟骉犇燚淼鑫垚焱彧昉昀珏旻韡玘玚琎璟瑄"
PLACES = [
    "汉台区",
    "洋县",
    "勉县",
    "略阳县",
    "郿坞镇",
    "鄠邑区",
    "盱眙县",
    "婺源",
    "亳州",
    "儋州",
    "濮阳",
    "峄城区",
]
LATIN = ["KTV", "ABC 公司", "Li Ming", "VIP", "iPhone手机", "wifi密码", "A座", "T3航站楼"]
LEVELS = {
    "first": [(row, cell) for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)],
    "second": [(row, cell) for row in range(0xD8, 0xF8) for cell in range(0xA1, 0xFF)],
}
CHARACTERS = {name: [bytes(each).decode("gb2312") for each in of] for name, of in LEVELS.items()}


def name(draw: random.Random) -> str:
    """A name, its characters common, of the second level, or beyond GB 2312."""
    pool = draw.choice([GIVEN, RARE, CHARACTERS["first"], CHARACTERS["second"]])
    rest = (draw.choice(draw.choice([pool, GIVEN])) for _ in range(draw.randint(1, 2)))
    return draw.choice(SURNAMES) + "".join(rest)


def genuine(seed: int) -> str:
    """A short file of names or places that stand in no list of frequent words."""
    draw = random.Random(seed)
    kinds = [name, name, lambda draw: draw.choice(PLACES), lambda draw: draw.choice(LATIN)]
    rows = draw.choice([3, 3, 3, 5, 10, 30])
    cells = [draw.choice(kinds)(draw) for _ in range(rows - 1)]
    return "id,name\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate([name(draw), *cells]))


def test_none_of_a_thousand_genuine_files_is_refused() -> None:
    refused = []
    for seed in range(1000):
        text = genuine(seed)
        try:
            assert decode(text.encode("gb18030"), expected=()).text == text.encode()
        except FileRefused as refusal:
            refused.append((refusal.detail["found"], text))
    assert refused == []


FOREIGN = {
    "big5": "臺北市政府 大型廢棄物 路燈不亮或損壞 道路坑洞 噪音檢舉 違規停車 市民熱線 公園綠地"
    " 自來水停水 高雄市 三民區 中山路 環境清潔 陳怡君 林志豪 王淑芬 流浪動物 騎樓佔用",
    "shift_jis": "道路の陥没 街灯が消えている 騒音の苦情 不法投棄 東京都 渋谷区 粗大ごみ 公園の遊具"
    " 水道管 放置自転車 佐藤健 鈴木花子 カラス 受付済み 対応中 ゴミ収集",
    "euc_kr": "가로등 고장 불법주차 신고 소음 민원 쓰레기 무단투기 서울특별시 강남구 도로 파손"
    " 김철수 이영희 박지훈 처리중 완료 상수도 누수 공원 시설물",
    "windows-1251": "Дорога Мусор Шумит Освещение Парковка Москва Центральный"
    " район Жалоба Двор Иванов Петрова Уборка снега Тротуар Отопление",
    "windows-1252": "Métro Théâtre Éclairage Propreté Château Bâtiment Müllabfuhr"
    " Grünfläche Gehölz Señalización Árbol caído Niño Muñoz Coração São João Malmö Françoise",
    "windows-1250": "Łódź Kraków Oświetlenie Śmieci Hałas Třebíč Příbram Žižkov Dvořák Śródmieście",
    "iso8859-7": "Φωτισμός Καθαριότητα Δρόμος Αθήνα Θόρυβος Σκουπίδια Πάρκο",
    "tis-620": "ไฟถนนดับ ขยะ กรุงเทพ เสียงดัง ถนนชำรุด น้ำท่วม ร้องเรียน",
}
FOREIGN |= {"euc_jp": FOREIGN["shift_jis"], "koi8-r": FOREIGN["windows-1251"]}


@pytest.mark.parametrize(("rows", "caught"), [(3, 0.85), (5, 0.97), (10, 1.0)])
@pytest.mark.parametrize("encoding", FOREIGN)
def test_files_in_another_encoding_are_refused_by_name(
    encoding: str, rows: int, caught: float
) -> None:
    draw, refused = random.Random(rows), 0
    words = FOREIGN[encoding].split(" ")
    for _ in range(200):
        text = "id,unit\n" + "".join(f"{at},{draw.choice(words)}\n" for at in range(rows))
        try:
            decoded = decode(text.encode(encoding), expected=())
            # Bytes that are no GB18030 cost their lines, which is no wrong figure.
            refused += decoded.damaged or decoded.text == text.encode()
        except FileRefused as refusal:
            assert refusal.rule == "encoding"
            assert refusal.detail["found"]
            refused += 1
    assert refused >= caught * 200


@pytest.mark.parametrize("word", ["Métro", "Théâtre", "João", "Café Müller", "Niño"])
def test_one_odd_byte_among_ascii_is_not_chinese(word: str) -> None:
    text = "id,unit\n" + "".join(f"{at},Main Street\n" for at in range(2000)) + f"x,{word}\n"
    with pytest.raises(FileRefused) as caught:
        decode(text.encode("windows-1252"), expected=())
    assert caught.value.detail == {"found": "windows-1252"}


def test_a_damaged_utf8_text_is_utf8() -> None:
    body = "id,unit\n" + "1,市水务局\n" * 20
    decoded = decode(body.encode() + b"2,\xe5\xb8\n", expected=())
    assert (decoded.encoding, decoded.damaged) == ("utf-8", True)
    assert decoded.text.decode().startswith(body)


def test_a_damaged_gbk_text_is_gb18030() -> None:
    body = "id,unit\n" + "1,市水务局\n" * 20
    decoded = decode(body.encode("gbk") + b"2,\xff\n", expected=())
    assert (decoded.encoding, decoded.damaged) == ("gb18030", True)
    assert decoded.text.decode() == body + "2,\ufffd\n"


def test_only_the_first_words_are_looked_at() -> None:
    line = "1,汉台区\n".encode("gbk")
    assert guess(line * 400_000) == "gb18030"


# ---- editions


@pytest.mark.parametrize(
    ("raw", "of_2005", "of_2022"),
    [
        ("a6d9", "\ue78d", "\ufe10"),
        ("a6da", "\ue78e", "\ufe12"),
        ("a6db", "\ue78f", "\ufe11"),
        ("a6f3", "\ue796", "\ufe19"),
        ("fe59", "\ue81e", "\u9fb4"),
        ("fea0", "\ue864", "\u9fbb"),
        ("82359037", "\u9fb4", "\ue81e"),
        ("84318236", "\ufe10", "\ue78d"),
        ("a8bc", "\u1e3f", "\u1e3f"),
        ("8135f437", "\ue7c7", "\ue7c7"),
        ("80", "€", "€"),
        ("a2e3", "€", "€"),
        ("cab080", "拾€", "拾€"),
        ("8180", "亐", "亐"),
    ],
)
def test_the_editions_differ_in_eighteen_characters(raw: str, of_2005: str, of_2022: str) -> None:
    found = [decode_gb18030(bytes.fromhex(raw), edition=each).decode() for each in (2005, 2022)]
    assert found == [of_2005, of_2022]


def test_damage_is_replaced_byte_by_byte() -> None:
    assert decode_gb18030(b"a\xffb\x81\n\x80", REPLACE).decode() == "a\ufffdb\ufffd\n€"
