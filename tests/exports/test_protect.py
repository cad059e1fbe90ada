"""No phone and no ID number leaves the door: not in any published, staged or spoken byte."""

import gzip
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import assets.exports.protect
import assets.exports.stage
from assets.core.errors import DamagedRecord, HotlineError, disk_sentence
from assets.exports.deliveries import read_ledger
from assets.exports.protect import caller_key, record_caller_key, rotate_caller_key
from assets.exports.stage import pending_exports
from assets.installation.installation import Installation
from assets.masking import MASK, mask, masked, masked_name
from assets.releases.checks import verify
from schemas import EXPORTS
from tests.driver import bring_up_to_date, deliver, details, make_installation, sentences
from tests.samples import csv_text, header_line, row

MOBILE = "13912345678"
OTHER_MOBILE = "18600009999"
LANDLINE = "09162512345"
CITY_LANDLINE = "02987654321"
ID_18 = "610702199003074518"
ID_X = "61070219900307451X"
ID_15 = "610702900307451"
SECRETS = (MOBILE, OTHER_MOBILE, LANDLINE, CITY_LANDLINE, ID_18, ID_X, ID_15)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


# How people write them; each is hidden in every free text below.
WRITTEN = {
    "mobile": MOBILE,
    "mobile, spaces": "139 1234 5678",
    "mobile, dashes": "139-1234-5678",
    "mobile, full width": full_width(MOBILE),
    "mobile, full width with spaces": full_width("139") + " " + full_width("12345678"),
    "mobile, full width with dashes": full_width("139-1234-5678"),
    "mobile, +86": f"+86{MOBILE}",
    "mobile, +86 and spaces": "+86 139 1234 5678",
    "mobile, 0086": f"0086-{MOBILE}",
    "mobile, (+86)": f"(+86){MOBILE}",
    "mobile, em dashes": "139—1234—5678",
    "mobile, en dashes": "139–1234–5678",
    "mobile within words": f"微信{MOBILE}同号",
    "mobile after a date": f"2023-01-05 {MOBILE}",
    "mobile before a date": f"{MOBILE} 2023-01-05",
    "two mobiles": f"{MOBILE}/{OTHER_MOBILE}",
    "two mobiles, spaces": f"{MOBILE} {OTHER_MOBILE}",
    "mobile, one digit at a time": " ".join(MOBILE),
    "landline": LANDLINE,
    "landline, dash": "0916-2512345",
    "landline, brackets": "(0916)2512345",
    "landline, full width": full_width("0916-2512345"),
    "landline, space": "029 8765 4321",
    "landline, extension": "0916-2512345-801",
    "ID of 18": ID_18,
    "ID of 18, spaces": "610702 19900307 4518",
    "ID of 18, dashes": "610702-19900307-4518",
    "ID of 18, full width": full_width(ID_18),
    "ID with X": ID_X,
    "ID with x": ID_X.lower(),
    "ID with X, full width": full_width(ID_X),
    "ID of 15": ID_15,
}
STRANGE = {
    "ideographic spaces": full_width("139")
    + "\u3000"
    + full_width("1234")
    + "\u3000"
    + full_width("5678"),
    "no-break spaces": "139\xa01234\xa05678",
    "two spaces": "139  1234  5678",
    "spaced dashes": "139 - 1234 - 5678",
    "no-break hyphens": "139\u20111234\u20115678",
    "minus signs": "139\u22121234\u22125678",
    "tabs": "139\t1234\t5678",
    "no width": "139\u200b1234\u20605678",
    "dots": "139.1234.5678",
    "full-width dots": full_width("139.1234.5678"),
    "slashes": "139/1234/5678",
    "underscores": "139_1234_5678",
}


def bare(text: str) -> str:
    """A text as a snoop reads it: half width, no sign between digits."""
    return re.sub(r"(?<=\d)[^\w]+(?=[\dXx])|_", "", unicodedata.normalize("NFKC", text)).upper()


def leaks(text: str) -> list[str]:
    found = bare(text)
    return [secret for secret in SECRETS if secret in found]


def every_text(folder: Path) -> Iterator[tuple[str, str]]:
    """Every byte below a folder as text, and every value and label of its Parquet files."""
    for path in sorted(folder.resolve().rglob("*")):
        yield str(path), path.name
        if not path.is_file():
            continue
        yield str(path), path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".parquet":
            for name, value in pl.read_parquet_metadata(path).items():
                yield f"{path} {name}", str(value)
            for column in pl.read_parquet(path).select(pl.selectors.string()):
                for value in column.drop_nulls().unique():
                    yield f"{path} {column.name}", value


def clean(installation: Installation) -> None:
    """Nothing below these folders and nothing that is said holds a secret."""
    examined = 0
    folders = [
        installation.warehouse.current,
        installation.root / "details",
        installation.root / "staged",
        installation.root / "built",
    ]
    for folder in folders:
        for where, text in every_text(folder):
            examined += 1
            assert leaks(text) == [], where
    for sentence in sentences(installation):
        examined += 1
        assert leaks(sentence) == []
    for where, sentence in installation.progress.problems:
        assert leaks(where + sentence) == []
    assert examined > 20


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Installation:
    """An installation in which numbers were planted wherever a platform or a person can write."""
    installation = make_installation(tmp_path_factory.mktemp("privacy"))
    texts = list(WRITTEN.values())
    deliver(
        installation,
        "tickets_20230105.csv",
        [
            row(
                "tickets",
                ticket_id=f"T{number}",
                title=f"来电{each}反映停水",
                content=f"电话{each}。",
            )
            for number, each in enumerate(texts)
        ],
    )
    deliver(
        installation,
        "knowledge_20230105.csv",
        [
            row("knowledge", article_id=f"A{number}", title=f"咨询 {each}")
            for number, each in enumerate(texts)
        ],
    )
    deliver(
        installation,
        "annual_2023.csv",
        [
            row("annual", item=f"第{number}项", evidence=f"联系人{each}")
            for number, each in enumerate(texts)
        ],
    )
    deliver(
        installation,
        "calls_20230105.csv",
        [row("calls", call_id=f"C{number}", caller=each) for number, each in enumerate(SECRETS)],
    )
    # Refused and quarantined: the sentence must not quote what the file or the row held.
    titles = header_line("calls")
    deliver(installation, "calls_20230106.csv", f"{titles},备注{MOBILE}\n")
    deliver(installation, "calls_20230107.csv", f"{titles},{full_width('139-1234-5678')}\n")
    deliver(installation, "calls_20230108.csv", f"{titles},{titles}\n")
    deliver(installation, f"calls_20230109_{MOBILE}.csv", b"")
    deliver(installation, f"{MOBILE}/calls_20230110 139 1234 5678.csv", b"")
    deliver(installation, f"calls_20230111_{full_width(MOBILE)}.xls", b"")
    deliver(
        installation,
        f"calls_20230112-{ID_X}.csv.gz",
        gzip.compress(csv_text("calls", []).encode(), mtime=0),
    )
    deliver(
        installation,
        "calls_20230113.csv",
        csv_text("calls", [row("calls", caller=MOBILE)]) + f"{MOBILE}\n",
    )
    deliver(installation, "callbacks_20230106.csv", f"{MOBILE},{ID_18}\n" * 30)
    deliver(
        installation,
        "quality_20230106.csv",
        [row("quality", inspection_id=f"Q{n}", mode=MOBILE) for n in range(9)],
    )
    bring_up_to_date(installation)
    return installation


def test_no_number_is_in_any_published_staged_or_spoken_text(planted):
    clean(planted)
    refused = sentences(planted)
    assert len(refused) == 8
    rows = {
        name: details(planted, name, "2023-01").height for name in ("tickets", "knowledge", "calls")
    }
    assert rows == {"tickets": len(WRITTEN), "knowledge": len(WRITTEN), "calls": len(SECRETS) + 1}


def test_what_is_planted_would_be_found():
    for name, written in WRITTEN.items():
        assert leaks(f"电话{written}。"), name
        assert leaks(f"calls_{written}.csv"), name
    for name, written in STRANGE.items():
        assert leaks(f"电话{written}。"), name
    assert leaks("平安街12号 2023-01-05 120000元") == []


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_number_is_masked_in_a_text(written):
    shown = mask(f"市民（{written}）反映停水")
    assert leaks(shown) == []
    assert MASK in shown
    assert shown.startswith("市民（")
    assert shown.endswith("反映停水")
    assert not re.search(r"\d{5}", unicodedata.normalize("NFKC", shown).replace("2023-01-05", ""))


@pytest.mark.parametrize("written", STRANGE.values(), ids=STRANGE.keys())
def test_a_number_with_other_spaces_and_dashes_is_masked(written):
    assert leaks(mask(f"市民{written}反映停水")) == []


@pytest.mark.parametrize(
    "text",
    [
        "2023-01-05",
        "2023-01-05 08:00:00",
        "2023-01-05至2023-01-06",
        "2023年1月5日8时30分",
        "2023/01/05",
        "2023.01.05",
        "1,234.5678",
        "120000元",
        "欠薪12.5万元、拖欠3个月",
        "12345",
        "汉中市12345热线",
        "南郑区3号楼2单元501室",
        "1,200,000元",
        "110、119、120",
        "G5京昆高速K1234",
    ],
)
def test_dates_and_amounts_stay_readable(text):
    assert mask(text) == text
    # Beside a number, whose text is gone through, too.
    assert mask(f"13800138000，{text}") == f"{MASK}，{text}"


def test_dates_and_amounts_stay_readable_in_the_details(installation):
    told = "2023-01-05起欠薪120000元，见2022-12-31合同。"
    deliver(
        installation, "tickets_20230105.csv", [row("tickets", content=told, title="欠薪120000元")]
    )
    bring_up_to_date(installation)
    found = details(installation, "tickets", "2023-01").select("title", "content").rows()
    assert found == [("欠薪120000元", told)]


def test_the_caller_becomes_a_keyed_pseudonym(installation, tmp_path):
    calls = [
        row("calls", call_id=n, caller=each)
        for n, each in enumerate((MOBILE, OTHER_MOBILE, MOBILE))
    ]
    deliver(installation, "calls_20230105.csv", calls)
    bring_up_to_date(installation)
    rows = details(installation, "calls", "2023-01").sort("call_id")
    assert "caller" not in rows.columns
    first, second, third = rows["caller_key"].to_list()
    assert first == third != second
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    key = installation.warehouse.caller_key.read_text()
    import hashlib
    import hmac

    assert first == hmac.new(key.encode(), MOBILE.encode(), hashlib.sha256).hexdigest()

    other = make_installation(tmp_path / "other")
    deliver(other, "calls_20230105.csv", calls)
    bring_up_to_date(other)
    assert first not in details(other, "calls", "2023-01")["caller_key"].to_list()


def test_neither_number_nor_pseudonym_of_a_repeated_caller_is_published(installation):
    calls = [row("calls", call_id=each, caller=MOBILE) for each in ("A", "B")]
    deliver(installation, "calls_20230105.csv", calls)
    asked = {"sector": "欠薪", "title": f"长长{MOBILE}"}
    tickets = [row("tickets", ticket_id=each, call_id=each, **asked) for each in ("A", "B")]
    deliver(installation, "tickets_20230105.csv", tickets)
    bring_up_to_date(installation)
    facts = installation.warehouse.current / "facts"
    assert pl.read_parquet(facts / "repeats")["ticket_id"].to_list() == ["B"]
    assert "title" not in pl.read_parquet(facts / "focus_tickets-v2").columns
    (key,) = details(installation, "calls", "2023-01")["caller_key"].unique()
    published = [text for _, text in every_text(installation.warehouse.current)]
    assert len(published) > 20
    assert not [text for text in published if key in text or "caller_key" in text or leaks(text)]


def test_another_key_is_refused_until_it_is_written_down_and_then_makes_files_pending(
    installation, monkeypatch
):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    (before,) = details(installation, "calls", "2023-01")["caller_key"]
    monkeypatch.setenv("HOTLINE_CALLER_KEY", "from the environment")
    with pytest.raises(DamagedRecord, match="密钥与一直使用的不同"):
        pending_exports(installation)
    record_caller_key(installation.warehouse, "from the environment")
    assert pending_exports(installation).count() == 1
    release = bring_up_to_date(installation)
    (after,) = details(installation, "calls", "2023-01")["caller_key"]
    assert after != before
    assert not release.new
    texts = dict(every_text(installation.root / "details")) | dict(
        every_text(installation.root / "ledger")
    )
    assert not [where for where, text in texts.items() if "from the environment" in text]


def test_a_key_that_others_may_read_or_that_is_empty_is_an_error(installation):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    path = installation.warehouse.caller_key
    path.chmod(0o640)
    with pytest.raises(HotlineError, match="chmod 600"):
        caller_key(path)
    path.write_text("")
    path.chmod(0o600)
    with pytest.raises(HotlineError, match="已损坏"):
        caller_key(path)


def test_the_quarantine_keeps_the_raw_line_for_the_owner_only(installation):
    bad = row("calls", caller=MOBILE, outcome="占线")
    deliver(installation, "calls_20230105.csv", [bad])
    bring_up_to_date(installation)
    (path,) = (installation.root / "quarantine" / "calls").glob("*.parquet")
    assert MOBILE in pl.read_parquet(path)["raw"].item()
    assert path.stat().st_mode & 0o777 == 0o600
    clean_text = "".join(text for _, text in every_text(installation.warehouse.current))
    assert leaks(clean_text) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("calls_20230105.csv", "calls_20230105.csv"),
        ("calls_20230105_part2.csv", "calls_20230105_part2.csv"),
        ("staff_202301.xlsx", "staff_202301.xlsx"),
        ("survey_2023_b.csv", "survey_2023_b.csv"),
        (f"calls_20230105_{MOBILE}.csv", f"calls_20230105_{MASK}.csv"),
        (f"calls_20230105 {full_width(MOBILE)}.csv", f"calls_20230105 {MASK}.csv"),
        (f"{MOBILE}.csv", f"{MASK}.csv"),
    ],
)
def test_file_names_keep_their_date_and_lose_other_numbers(name, shown):
    assert masked_name(name) == shown


def test_an_error_of_the_system_is_told_without_numbers():
    error = OSError(28, "No space left on device", f"/data/landing/calls_20230105_{MOBILE}.csv")
    assert leaks(disk_sentence(error)) == []
    assert "磁盘已满" in disk_sentence(error)


def test_an_error_of_the_system_is_told_without_the_numbers_of_folders():
    error = OSError(28, "No space left on device", f"/data/landing/{MOBILE}/calls_20230105.csv")
    assert leaks(disk_sentence(error)) == []


def test_verdicts_and_ledgers_of_readers_hold_no_values(planted):
    for verdict in verify(planted.warehouse):
        assert leaks(" ".join(verdict.faults)) == []
    for name in EXPORTS:
        for detail in read_ledger(planted.warehouse, name)["detail"]:
            assert leaks(detail) == []


def test_another_way_of_masking_makes_files_pending_again(installation, monkeypatch):
    counted: list[str] = []
    version = assets.exports.stage.code_version

    def listening(*packages: str) -> str:
        counted.extend(packages)
        return version(*packages)

    monkeypatch.setattr(assets.exports.stage, "code_version", listening)
    assets.exports.stage.ingestion_version(installation.profile, "key")
    module: Any = masked.__module__
    assert any(module == each or module.startswith(f"{each}.") for each in counted)


def test_a_key_that_is_gone_is_not_replaced(installation):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    warehouse = installation.warehouse
    warehouse.caller_key.unlink()
    for record in (True, False):  # Also in a warehouse of a version that did not write it down.
        if not record:
            warehouse.caller_key_id.unlink()
        for ask in (pending_exports, bring_up_to_date):
            with pytest.raises(DamagedRecord, match=r"不在了.*从备份恢复"):
                ask(installation)
        assert not warehouse.caller_key.exists()


def test_another_key_gives_other_pseudonyms_and_the_same_release(tmp_path: Path) -> None:
    city = make_installation(tmp_path / "city")
    deliver(city, "calls_20230105.csv", [row("calls")])
    before = bring_up_to_date(city)
    old = details(city, "calls", "2023-01")["caller_key"].to_list()
    rotate_caller_key(city.warehouse, "2" * 64)
    after = bring_up_to_date(city)
    assert after.id == before.id
    new = details(city, "calls", "2023-01")["caller_key"].to_list()
    assert old != new and len(new[0]) == 64
    staged = city.warehouse.staged("calls", "2023-01").glob("*.parquet")
    assert [pl.read_parquet(each)["caller_key"].to_list() for each in staged] == [new]


def test_a_key_half_changed_says_which_command_ends_it(tmp_path: Path, monkeypatch: Any) -> None:
    city = make_installation(tmp_path / "city")
    deliver(city, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(city)
    monkeypatch.setattr(assets.exports.protect, "rename_file", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rotate_caller_key(city.warehouse, "2" * 64)
    with pytest.raises(DamagedRecord, match="hotline key rotate"):
        pending_exports(city)
    monkeypatch.undo()
    rotate_caller_key(city.warehouse, "3" * 64)
    assert caller_key(city.warehouse.caller_key) == "2" * 64
    assert pending_exports(city).count() == 1


def test_a_key_of_the_environment_is_changed_there_first(tmp_path: Path, monkeypatch: Any) -> None:
    city = make_installation(tmp_path / "city")
    monkeypatch.setenv("HOTLINE_CALLER_KEY", "first")
    deliver(city, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(city)
    with pytest.raises(HotlineError, match="HOTLINE_CALLER_KEY"):
        rotate_caller_key(city.warehouse, "2" * 64)
    monkeypatch.setenv("HOTLINE_CALLER_KEY", "second")
    rotate_caller_key(city.warehouse, "2" * 64)
    assert pending_exports(city).count() == 1
    assert not city.warehouse.caller_key.exists()
