"""What a revision changes, in sentences: what stood there, and what stands there now.

Belongs here: comparing two contents as `content.py` writes them. Parts are found by their names,
titles and row heads, so that a row more does not make every row below it a change. Charts show
what tables hold: of them it is only said that they changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from assets.reports.issue.content import CLASS

_LIMIT = 20
_GONE = "（无）"
_HEAD = {
    "title": "标题",
    "organisation": "发布单位",
    "completeness": "数据完整性说明",
    "rate_note": "率的口径说明",
}
Node = dict[str, Any]


def changes(old: Node, new: Node, *, limit: int = _LIMIT) -> tuple[str, ...]:
    """Sentences for all differences of two contents of one report.

    Args:
        old: content of the revision before.
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
    before, after = _keyed(old["sections"], "name"), _keyed(new["sections"], "name")
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
                yield f"“{topic}”新增“{_title(block)}”。"
        yield from (f"“{topic}”删去“{_title(was[key])}”。" for key in was if key not in now)
    gone = [each["topic"] for name, each in before.items() if name not in after]
    yield from (f"删去“{topic}”一节。" for topic in gone)


def _words(old: Node, new: Node) -> Iterator[str]:
    """Changes of text; after all changes of figures, which they mostly repeat."""
    yield from (
        f"{title}由“{old[name]}”改为“{new[name]}”。"
        for name, title in _HEAD.items()
        if old[name] != new[name]
    )
    before = _keyed(old["sections"], "name")
    for section in new["sections"]:
        was = before.get(section["name"])
        if was is not None and _texts(was) != _texts(section):
            yield f"“{section['topic']}”的文字有改动。"


def _texts(section: Node) -> list[object]:
    """Everything of a section that is prose."""
    texts: list[object] = [section["topic"], section["headline"]]
    for block in section["blocks"]:
        texts += [block.get("text"), block.get("items"), block.get("note"), block.get("summary")]
    return [each for each in texts if each]


def _keyed(nodes: Iterable[Node], name: str) -> dict[str, Node]:
    """Nodes by a name; a name that comes again gets a number."""
    return dict(zip(_distinct(each[name] for each in nodes), nodes, strict=True))


def _distinct(names: Iterable[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}（{seen[name]}）"


def _blocks(section: Node) -> dict[str, Node]:
    """Blocks that hold figures, by what they are and how they are called."""
    holding = [each for each in section["blocks"] if _title(each)]
    names = _distinct(f"{each[CLASS]} {each.get('name', each['title'])}" for each in holding)
    return dict(zip(names, holding, strict=True))


def _title(block: Node) -> str:
    return str(block.get("title", ""))


def _block(topic: str, old: Node, new: Node) -> Iterator[str]:
    if old == new:
        return
    title = _title(new)
    if new[CLASS] == "Cards":
        yield from _cells(f"“{topic}”", _cards(old), _cards(new))
    elif new[CLASS] == "Table":
        yield from _table(f"“{topic}”表“{title}”", old, new)
    elif count := _differing(old, new):
        yield f"“{topic}”图“{title}”有 {count} 个数值改动。"


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
    rows = [[_text(cell) for cell in each["cells"]] for each in table["rows"]]
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


def _text(cell: Node | str) -> str:
    return cell if isinstance(cell, str) else str(cell["text"])


def _differing(old: Node, new: Node) -> int:
    """How many figures of a chart or heat map are not what stood in their place."""
    before, after = _plotted(old), _plotted(new)
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())


def _plotted(block: Node) -> dict[tuple[str, str], str]:
    if block[CLASS] == "HeatMap":
        heads, rows, columns = block["rows"], block["cells"], block["columns"]
    else:
        heads = [each["name"] for each in block["series"]]
        rows, columns = [each["values"] for each in block["series"]], block["categories"]
    return {
        (head, column): figure["text"]
        for head, figures in zip(_distinct(heads), rows, strict=True)
        for column, figure in zip(_distinct(columns), figures, strict=True)
    }
