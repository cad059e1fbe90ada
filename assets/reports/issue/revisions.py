"""The content of a report as canonical JSON, and what a revision changes, in sentences.

Parts are found by their names, titles and row heads, so that a row more does not make every row
below it a change. Charts show what tables hold: of them it is only said that they changed.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from assets.reports.content import Report

CONTENT_FILE = "content.json"
_CLASS = "is"  # key that says of what class a value was
# They change every night (design note 2, decision 4); the ledger has them.
_NOT_CONTENT = ("release", "cutoff")
_LIMIT = 20
_GONE = "（无）"
_HEAD = {
    "title": "标题",
    "organisation": "发布单位",
    "completeness": "数据完整性说明",
    "rate_note": "率的口径说明",
}
Node = dict[str, Any]


def content_bytes(report: Report) -> bytes:
    """Canonical JSON of a report; its SHA-256, the digest of the content, decides what is new."""
    tree = _plain(report)
    for name in _NOT_CONTENT:
        del tree[name]
    # Plain ASCII: a text may hold half a character, which no encoding takes.
    return (json.dumps(tree, sort_keys=True, separators=(",", ":")) + "\n").encode("ascii")


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of the model
    """A value of the model as JSON knows it."""
    if is_dataclass(value):
        inner = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {_CLASS: type(value).__name__, **inner}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def describe_changes(old: Node, new: Node, *, limit: int = _LIMIT) -> tuple[str, ...]:
    """Sentences for all differences of two contents of one report.

    Args:
        old: content of the revision before, parsed.
        new: content of this one.
        limit: sentences at most; how many more there are is said.

    Returns:
        At least one sentence where the contents differ, none where they are equal.
    """
    found = [*_figures(old, new), *_words(old, new)]
    if not found and old != new:
        found = ["版式或标注有改动，文字和数字未变。"]
    if len(found) > limit:
        return (*found[:limit], f"另有 {len(found) - limit} 处改动，见正文。")
    return tuple(found)


def _figures(old: Node, new: Node) -> Iterator[str]:
    before, after = _sections(old), _sections(new)
    for name, section in after.items():
        topic = section["topic"]
        if name not in before:
            yield f"新增“{topic}”一节。"
            continue
        was, now = _blocks(before[name]), _blocks(section)
        for key, block in now.items():
            if key in was:
                yield from _block(topic, was[key], block)
            else:
                yield f"“{topic}”新增“{block['title']}”。"
        yield from (f"“{topic}”删去“{was[key]['title']}”。" for key in was if key not in now)
    gone = [each["topic"] for name, each in before.items() if name not in after]
    yield from (f"删去“{topic}”一节。" for topic in gone)


def _words(old: Node, new: Node) -> Iterator[str]:
    """Changes of text; after all changes of figures, which they mostly repeat."""
    yield from (
        f"{title}由“{old[name]}”改为“{new[name]}”。"
        for name, title in _HEAD.items()
        if old[name] != new[name]
    )
    before = _sections(old)
    for section in new["sections"]:
        was = before.get(section["name"])
        if was is not None and _texts(was) != _texts(section):
            yield f"“{section['topic']}”的文字有改动。"


def _texts(section: Node) -> list[object]:
    """Everything of a section that is prose."""
    texts: list[object] = [section["topic"], section["headline"]]
    for block in section["blocks"]:
        texts += [block.get(name) for name in ("text", "items", "note", "summary")]
    return [each for each in texts if each]


def _sections(content: Node) -> dict[str, Node]:
    sections = content["sections"]
    return dict(zip(_distinct(each["name"] for each in sections), sections, strict=True))


def _blocks(section: Node) -> dict[str, Node]:
    """Blocks that hold figures, by what they are and how they are called."""
    holding = [each for each in section["blocks"] if each.get("title")]
    names = _distinct(f"{each[_CLASS]} {each.get('name', each['title'])}" for each in holding)
    return dict(zip(names, holding, strict=True))


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """The names; one that comes again gets a number."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}（{seen[name]}）"


def _block(topic: str, old: Node, new: Node) -> Iterator[str]:
    if new[_CLASS] == "Cards":
        yield from _cells(f"“{topic}”", _cards(old), _cards(new))
    elif new[_CLASS] == "Table":
        yield from _table(f"“{topic}”表“{new['title']}”", old, new)
    else:
        before, after = _plotted(old), _plotted(new)
        count = sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
        if count:
            yield f"“{topic}”图“{new['title']}”有 {count} 个数值改动。"


def _cards(block: Node) -> dict[str, str]:
    """What each card says: its figure, target and comparisons."""
    said = {}
    cards = block["cards"]
    for label, card in zip(_distinct(each["label"] for each in cards), cards, strict=True):
        said[label] = card["figure"]["text"]
        said[f"{label}的目标"] = f"{card['target']}{card['verdict']}"
        said |= {f"{label}{against}": figure["text"] for against, figure in card["comparisons"]}
    return said


def _table(where: str, old: Node, new: Node) -> Iterator[str]:
    before, after = _rows(old), _rows(new)
    for head, cells in after.items():
        if head in before:
            yield from _cells(f"{where}中{head}的", before[head], cells)
        else:
            yield f"{where}新增一行“{head}”。"
    yield from (f"{where}删去一行“{head}”。" for head in before if head not in after)


def _rows(table: Node) -> dict[str, dict[str, str]]:
    """Row head -> column -> text."""
    columns = list(_distinct(each["title"] for each in table["columns"]))
    rows = [
        [cell if isinstance(cell, str) else cell["text"] for cell in each["cells"]]
        for each in table["rows"]
    ]
    heads = _distinct(texts[0] if texts else "" for texts in rows)
    return {
        head: dict(zip(columns[1:], texts[1:], strict=False))
        for head, texts in zip(heads, rows, strict=True)
    }


def _cells(where: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name, _GONE), new.get(name, _GONE)
        if was != now:
            yield f"{where}{name}由 {was or _GONE} 更正为 {now or _GONE}。"


def _plotted(block: Node) -> dict[tuple[str, str], str]:
    """(series or row, category or column) -> text, of a chart or heat map."""
    if block[_CLASS] == "HeatMap":
        heads, rows, columns = block["rows"], block["cells"], block["columns"]
    else:
        heads = [each["name"] for each in block["series"]]
        rows, columns = [each["values"] for each in block["series"]], block["categories"]
    return {
        (head, column): figure["text"]
        for head, figures in zip(_distinct(heads), rows, strict=True)
        for column, figure in zip(_distinct(columns), figures, strict=True)
    }
