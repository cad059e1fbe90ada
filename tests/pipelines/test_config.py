"""hotline.toml: the settings of an installation and of its cities, and what is wrong with them."""

import pytest

from assets.core.errors import HotlineError
from pipelines import config
from tests.pipelines.test_cli import Machine
from tests.pipelines.two_cities import machine_of_two_cities


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    return machine_of_two_cities(tmp_path, monkeypatch)


def test_a_city_has_the_settings_of_the_installation_and_its_own(machine):
    alpha, beta = config.load_cities()
    assert (alpha.name, alpha.title, alpha.keep_releases) == ("alpha", "甲市", 9)
    assert (alpha.root, alpha.landing) == (
        machine.folder / "warehouse/alpha",
        machine.folder / "in/alpha",
    )
    assert str(beta.start) == "2023-01-02"
    assert (alpha.reports.organisation, beta.reports.organisation) == ("省中心", "乙市中心")
    assert beta.reports.minimum_ranked == 7
    assert config.load_installation("beta").root == beta.root


def test_folders_that_are_not_said_lie_beside_the_file_wherever_one_stands(machine, monkeypatch):
    settings = machine.folder / "hotline.toml"
    settings.write_text("start = 2023-01-01\n")
    (machine.folder / "elsewhere").mkdir()
    monkeypatch.chdir(machine.folder / "elsewhere")
    monkeypatch.setenv("HOTLINE_CONFIG", "../hotline.toml")
    installation = config.load_installation()
    assert installation.root.resolve() == machine.folder / "warehouse"
    assert installation.landing.resolve() == machine.folder / "landing"


def test_one_site_without_a_name_is_as_ever(machine):
    (machine.folder / "hotline.toml").write_text('landing = "in"\n', encoding="utf-8")
    assert config.load_cities() == []
    installation = config.load_installation()
    assert (installation.name, installation.root) == ("", machine.folder / "warehouse")
    with pytest.raises(HotlineError, match="去掉 --city"):
        config.load_installation("alpha")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cities = 3", "每个城市写成一节"),
        ("[cities]\nalpha = 3", "每个城市写成一节"),
        ('[cities."../x"]\nlanding = "a"', "不能用"),
        ('[cities.province]\nlanding = "a"', "不能用"),
        ('[cities.Alpha]\nlanding = "a"', "不能用"),
        ("[cities.alpha]", "缺少 landing"),
        ('landing = "x"\n[cities.alpha]', "缺少 landing"),
        ('[cities.alpha]\nlanding = "a"\n[cities.beta]\nlanding = "a"', "接收目录相同"),
        ('[cities.alpha]\nlanding = "a"\nwarehouse = "b"', "不能另设"),
        ('[cities.alpha]\nlanding = "a"\nkeep = 3', "cities.alpha.keep 有误"),
        ('[cities.alpha]\nlanding = "a"\n[cities.alpha.cities.b]', "cities.alpha.cities 有误"),
    ],
)
def test_a_wrong_table_is_one_sentence(machine, text, said):
    (machine.folder / "hotline.toml").write_text(text, encoding="utf-8")
    with pytest.raises(HotlineError, match=said):
        config.load_cities()


def test_it_must_be_said_which_city_is_meant(machine, monkeypatch):
    assert "请用 --city 指明是哪一个（alpha、beta）" in machine.refuses("verify")
    for city, said in (("gamma", "没有城市“gamma”"), ("province", "汇总")):
        monkeypatch.setenv("HOTLINE_CITY", city)
        with pytest.raises(HotlineError, match=said):
            config.load_installation()
    assert config.load_publisher().root == machine.warehouse / "province"
    monkeypatch.setenv("HOTLINE_CITY", "beta")
    assert config.load_installation().name == config.load_publisher().name == "beta"
    monkeypatch.setenv("HOTLINE_LANDING", "in")
    with pytest.raises(HotlineError, match="HOTLINE_LANDING"):
        config.load_installation()
