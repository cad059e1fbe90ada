"""Names that look alike are found, and names that only resemble each other are not."""

import pytest

from assets.spelling import similar_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市水务局", "市水務局"),
        ("市水务局(本级)", "市水务局本级"),
        ("城乡建设-供水", "城乡建设供水"),
        ("Water Bureau", "WATERBUREAU"),
        ("己办事项", "已办事项"),
        ("人民医院", "入民医院"),
        ("市⻓信箱", "市长信箱"),
        ("3O1路", "301路"),
    ],
)
def test_one_name_in_two_spellings_is_found(one, other):
    assert similar_names(["市教育局", one, other, one]) == [tuple(sorted((one, other)))]


@pytest.mark.parametrize(
    "names",
    [
        ("第一中学", "第二中学"),
        ("东区", "西区", "南区", "北区"),
        ("市水务局", "县水务局", "市税务局"),
        ("路线1-1", "路线11", "路线1.2"),
        ("大湖镇", "太湖镇"),
        ("汉台区", "汉中区"),
    ],
)
def test_names_of_different_things_are_not(names):
    assert similar_names(names) == []


def test_the_forms_of_a_character_are_one_below_the_other():
    from assets.spelling import similar

    assert len(similar._TRADITIONAL) == len(similar._SIMPLIFIED)
    assert not set(similar._TRADITIONAL) & set(similar._SIMPLIFIED)
