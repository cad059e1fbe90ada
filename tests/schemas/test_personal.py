"""What passes for a name of a person, a number or an address, and what real offices are called."""

import re

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import rules
from schemas.personal import is_person

CHECKS = (
    *(rules.PERSONAL_NUMBER, rules.PERSONAL_NAME),
    *(rules.PERSONAL_ADDRESS, rules.BARE_NUMBER),
)
REAL = [
    "12345热线",
    "110指挥中心",
    "第3街道办",
    "306省道",
    "市城管局",
    "汉台区",
    "宁强",
    "安康",
    "一中",
    "3号线",
    "108国道",
    "解放路街道办",
    "八一路",
    "中山路小学",
    "王家沟村",
    "李家庄村委会",
    "张家界",
    "和平路",
    "三二〇一医院",
    "国网汉中供电公司",
    "陕汽集团",
    "1号窗口",
    "2023年专班",
    "高新区",
    "12号院社区",
    "二号桥街道",
    "202路公交",
    "市一医院",
    "汉江路5路公交站",
    "施工扰民",
    "安全生产",
    "水利",
    "房产",
    "文明",
    "康复",
    "养老",
    "微信公众号",
    "QQ群投诉",
    "12315",
    "12345",
    "G5高速",
    "一二三四五社区",
    "金水",
    "高明",
    "路灯",
    "万全",
    "方言",
    "成教",
    "车管",
    "1组",
    "2标段",
]
PERSONS = [
    "张三",
    "李四",
    "王芳",
    "张建国",
    "刘淑芬",
    "欧阳娜娜",
    "诸葛建国",
    "司马光",
    "王女士",
    "陈大爷",
    "李某",
    "张某某",
    "王某强",
    "赵×",
    "牛建军",
]


def reasons(*values: str) -> list[set[str]]:
    """Ids of the rules that each value breaks."""
    data = pa.PolarsData(pl.LazyFrame({"x": values}, schema={"x": pl.String}), "x")
    kept = {str(each.name): each._check_fn(data).collect().to_series() for each in CHECKS}
    return [{name for name, ok in kept.items() if not ok[at]} for at in range(len(values))]


def test_real_names_pass():
    assert {name: found for name, found in zip(REAL, reasons(*REAL), strict=True) if found} == {}


@pytest.mark.parametrize("name", PERSONS)
def test_persons_do_not(name):
    assert is_person(name)
    assert "personal_name" in reasons(name)[0]


OFFICES = st.sampled_from(
    [
        "局",
        "办",
        "街道",
        "村",
        "镇",
        "县",
        "区",
        "中心",
        "医院",
        "小学",
        "公司",
        "所",
        "站",
        "社区",
        "派出所",
        "村委会",
    ]
)
PREFIXES = st.sampled_from(
    [
        "张家",
        "李",
        "王家沟",
        "高",
        "金水",
        "建国",
        "文明",
        "康宁",
        "安",
        "第3",
        "306",
        "12345",
        "汉台",
        "南宫",
        "司马",
    ]
)


@given(PREFIXES, OFFICES)
def test_an_office_named_like_a_person_passes(prefix, office):
    assert reasons(prefix + office) == [set()]


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
BETWEEN = st.text("-./*~，、|_ ·—:\u200b\ufe0f\u20e3", max_size=3)
SCRIPTS = (
    str,
    lambda text: text.translate({ord(d): "零一二三四五六七八九"[int(d)] for d in "0123456789"}),
    lambda text: text.translate({ord(d): "零壹贰叁肆伍陆柒捌玖"[int(d)] for d in "0123456789"}),
    lambda text: text.translate({ord(d): "⓪①②③④⑤⑥⑦⑧⑨"[int(d)] for d in "0123456789"}),
    lambda text: text.translate({ord(d): chr(0x1D7CE + int(d)) for d in "0123456789"}),
    lambda text: text.translate({ord(d): chr(0xFF10 + int(d)) for d in "0123456789"}),
)


@given(MOBILES, BETWEEN, st.sampled_from(SCRIPTS), st.sampled_from(["", "市水务局", "热线 "]))
def test_a_mobile_does_not_whatever_separates_its_digits_and_however_they_are_written(
    mobile, between, script, before
):
    name = before + between.join(script(mobile))
    assert "personal_number" in reasons(name)[0]


@given(st.text("0123456789", min_size=1, max_size=6), st.sampled_from(["热线", "省道", "路公交"]))
def test_a_short_number_in_a_name_passes(number, kind):
    assert reasons(number + kind) == [set()]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("人民路88号", "personal_address"),
        ("3号楼2单元501室", "personal_address"),
        ("5组12号", "personal_address"),
        ("2212345", "bare_number"),
        ("陕F·12345", "personal_number"),
        ("zhang@qq.com", "personal_number"),
        ("微信zhang88", "personal_number"),
        ("610702/19900307/4512", "personal_number"),
    ],
)
def test_addresses_numbers_plates_and_accounts_do_not(value, rule):
    assert rule in reasons(value)[0]


def test_an_empty_value_breaks_none_of_these():
    data = pa.PolarsData(pl.LazyFrame({"x": [None, "张三"]}), "x")
    for check in CHECKS:
        assert check._check_fn(data).collect().to_series()[0] is not False


def test_the_word_lists_hold_each_word_once():
    from schemas import personal

    words = personal._PLACES.split()
    assert len(words) == len(set(words))
    assert all(re.fullmatch("[\u4e00-\u9fff]{2,3}", each) for each in words)
