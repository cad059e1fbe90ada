"""The log and the metrics of a night: what they say, and what they leave out."""

import json
import re

import yaml

from assets.health import log_events, write_metrics
from assets.installation import Operations
from tests.docs.test_docs import ROOT
from tests.driver import bring_up_to_date, change, deliver
from tests.samples import row


def metrics(text: str) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    }


def test_nothing_is_written_unless_a_place_is_set(installation, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    log_events(installation, [{"event": "night"}])
    write_metrics(installation)
    assert sorted(tmp_path.rglob("*")) == before


def test_what_is_not_known_is_left_out_and_a_look_keeps_what_the_night_said(installation, tmp_path):
    path = tmp_path / "metrics" / "hotline.prom"
    change(installation, operations=Operations(metrics=path))
    write_metrics(installation)
    first = metrics(path.read_text())
    assert "hotline_release_age_hours" not in first
    assert not any(name.startswith("hotline_missing_days") for name in first)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    write_metrics(installation, {"seconds": 12.5, "in_order": True})
    write_metrics(installation)
    text = path.read_text()
    found = metrics(text)
    assert text.endswith("# EOF\n")
    assert found["hotline_last_night_seconds"] == 12.5
    assert found["hotline_last_night_in_order"] == 1
    assert found["hotline_release_age_hours"] == 0
    assert found['hotline_missing_days{dataset="tickets"}'] > 0
    assert found["hotline_disk_days_left"] > 0
    assert found["hotline_held_deliveries"] == 0


def test_a_city_has_its_own_files_and_its_name_on_each_figure(installation, tmp_path):
    change(
        installation,
        name="alpha",
        operations=Operations(log=tmp_path / "a.jsonl", metrics=tmp_path / "a.prom"),
    )
    write_metrics(installation)
    log_events(installation, [{"event": "night", "needs_somebody": ["5 % 缺"]}, {"event": "x"}])
    assert 'hotline_held_deliveries{city="alpha"} 0' in (tmp_path / "a_alpha.prom").read_text()
    lines = (tmp_path / "a_alpha.jsonl").read_text("utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert first["needs_somebody"] == ["5 % 缺"]
    assert first["at"] == installation.now().isoformat(timespec="seconds")
    assert second["event"] == "x"


def test_the_alert_rules_ask_for_metrics_that_there_are():
    rules = yaml.safe_load((ROOT / "deploy/prometheus/hotline.rules.yml").read_text("utf-8"))
    source = (ROOT / "assets/health/metrics.py").read_text("utf-8")
    asked = [each["expr"] for group in rules["groups"] for each in group["rules"]]
    assert asked
    for name in re.findall(r"hotline_\w+", " ".join(asked)):
        assert f'"{name}"' in source, name
