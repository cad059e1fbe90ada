"""Templates as an office may hand them in: what works, and one sentence for what does not."""

import io
import re
from pathlib import Path

import docx
import pytest
from openxml_audit import OpenXmlValidator

from assets.core.errors import HotlineError
from assets.reports.render.docx import TEMPLATES, render_docx
from assets.reports.render.docx.package import DOCUMENT, NUMBERING, STYLES, WordPackage
from assets.reports.render.docx.styles import NEEDED
from tests.reports.report_samples import hostile_report, plain_report, stamp

REST = '<w:t xml:space="preserve">[[*]]</w:t>'
TITLE = "{{ 标题 }}"
TAGS = (
    "标题", "期间", "单位", "期号", "印发日期", "统计期间", "数据截至", "数据版本",
    "数据完整性", "率的口径",
)  # fmt: skip
SPLIT = "{{ 标</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>题 }</w:t></w:r><w:r><w:t>}"


def edited(folder: Path, old: str, new: str, part: str = DOCUMENT) -> Path:
    """The built-in monthly template with a text replaced in one of its parts."""
    package = WordPackage((TEMPLATES / "monthly.docx").read_bytes(), "monthly.docx")
    before = package.parts[part].decode()
    assert old in before
    package.parts[part] = before.replace(old, new, 1).encode()
    path = folder / "月报.docx"
    path.write_bytes(package.save())
    return path


def texts(template: Path) -> list[str]:
    made = render_docx(plain_report(), stamp(), template=template)
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs]


def refusal(template: Path) -> str:
    with pytest.raises(HotlineError) as refused:
        render_docx(plain_report(), stamp(), template=template)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith("。")
    return sentence


@pytest.mark.parametrize(
    "tag",
    [TITLE, "{{标题}}", "{{  标题  }}", SPLIT, "《{{ 标题 }}》", "{{ 期间 }}{{ 标题 }}"],
)
def test_a_tag_is_found_however_word_has_split_it(tmp_path, tag):
    shown = re.sub("<[^>]*>", "", tag)
    shown = re.sub(r"\{\{\s*标题\s*\}\}", "12345热线运行月报", shown)
    shown = re.sub(r"\{\{\s*期间\s*\}\}", "2023年5月", shown)
    assert texts(edited(tmp_path, TITLE, tag))[0] == shown


def test_every_tag_is_known_and_headers_and_footers_take_tags_too(tmp_path):
    line = texts(edited(tmp_path, TITLE, "|".join(f"{{{{ {tag} }}}}" for tag in TAGS)))[0]
    assert line.split("|")[:5] == [
        "12345热线运行月报", "2023年5月", "示例市12345政务服务便民热线中心", "第5期",
        "2026年11月20日",
    ]  # fmt: skip
    assert all(line.split("|"))
    path = edited(tmp_path, "— </w:t>", "{{ 期号 }}</w:t>", "word/footer1.xml")
    made = WordPackage(render_docx(plain_report(), stamp(), template=path), "made")
    assert "第5期" in made.parts["word/footer1.xml"].decode()


def test_the_office_orders_sections_and_writes_between_them(tmp_path):
    order = "".join(
        f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>"
        for line in ("本段由办公室写。", "[[units]]", "[[ topics ]]", "[[*]]")
    )
    path = edited(tmp_path, '<w:p><w:pPr><w:pStyle w:val="ReportBody"/></w:pPr>', order + "<w:p>")
    path = edited_again(path, REST, "<w:t></w:t>")
    found = [
        text for text in texts(path) if text in {"承办单位", "热点诉求", "本月要点", "数据质量"}
    ]
    # The last is also the title of the table in its section.
    assert found == ["承办单位", "热点诉求", "本月要点", "数据质量", "数据质量"]
    assert "本段由办公室写。" in texts(path)


def edited_again(path: Path, old: str, new: str) -> Path:
    package = WordPackage(path.read_bytes(), path.name)
    head, _, tail = package.parts[DOCUMENT].decode().rpartition(old)
    package.parts[DOCUMENT] = (head + new + tail).encode()
    path.write_bytes(package.save())
    return path


def test_a_style_may_have_another_id_and_another_look(tmp_path):
    # Word gives ids of its own when it saves.
    path = edited(tmp_path, 'w:styleId="ReportBody"', 'w:styleId="a7"', STYLES)
    made = docx.Document(io.BytesIO(render_docx(plain_report(), stamp(), template=path)))
    used = {p.style.name for p in made.paragraphs if p.style.style_id == "a7"}
    assert used == {"报告正文"}


def test_the_prefix_of_the_document_may_be_another(tmp_path):
    package = WordPackage((TEMPLATES / "monthly.docx").read_bytes(), "monthly.docx")
    usual = texts(TEMPLATES / "monthly.docx")
    package.parts[DOCUMENT] = re.sub(rb"(?<=[</ :])w(?=[:=])", b"wd", package.parts[DOCUMENT])
    assert b'xmlns:wd="' in package.parts[DOCUMENT]
    path = tmp_path / "月报.docx"
    path.write_bytes(package.save())
    assert texts(path) == usual


@pytest.mark.parametrize("number", [0, 99])
def test_an_instruction_in_a_template_is_not_taken_for_a_place(tmp_path, number):
    path = edited(tmp_path, "<w:body>", f"<w:body><?report {number}?>")
    assert texts(path) == texts(TEMPLATES / "monthly.docx")


def test_points_need_no_numbers(tmp_path):
    path = edited(tmp_path, '<w:numPr><w:numId w:val="2"/></w:numPr>', "", STYLES)
    assert any("环比增长 187.4%" in text for text in texts(path))
    path = edited(tmp_path, '<w:num w:numId="2">', '<w:num w:numId="7">', NUMBERING)
    assert any("环比增长 187.4%" in text for text in texts(path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (TITLE, "{{ 标提 }}", "没有名为“标提”的标签"),
        (TITLE, "{{ 标题.__class__ }}", "没有名为“标题.__class__”的标签"),
        (TITLE, "{{ 7*7 }}", "没有名为“7*7”的标签"),
        (TITLE, "{{ 标题", "不是完整的标签"),
        (TITLE, "标题 }}", "不是完整的标签"),
        (TITLE, "{% for 行 in 表 %}", "不支持循环"),
        (TITLE, "{%tr for 行 in 表", "不支持循环"),
        (TITLE, "{# 注释 #}", "不支持循环、条件和注释"),
        ("[[*]]", "[[calls]]", "没有放置这些部分：[[highlights]]（本月要点）"),
        ("[[*]]", "[[unit]]", "报告里没有这个部分，可用的有：更正（补发与更正）、highlights"),
        ("[[*]]", "见 [[*]]", "单独成段"),
        ("[[*]]", "[[*", "不是完整的标签"),
        ("[[更正]]", "[[*]]", "[[*]] 出现了两次"),
    ],
)
def test_a_mistake_in_the_text_is_one_sentence_that_says_where(tmp_path, old, new, said):
    sentence = refusal(edited(tmp_path, old, new))
    assert sentence.startswith("Word 模板“月报.docx”")
    assert said in sentence


def test_a_part_in_a_table_or_a_header_is_refused(tmp_path):
    inside = f"<w:tbl><w:tr><w:tc><w:p><w:r>{REST}</w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r>"
    path = edited(tmp_path, '<w:p><w:pPr><w:pStyle w:val="ReportBody"/></w:pPr><w:r>', inside)
    assert "单独成段" in refusal(path)
    assert "页眉页脚" in refusal(edited(tmp_path, "— </w:t>", "[[*]]</w:t>", "word/footer1.xml"))


def test_a_missing_style_is_named(tmp_path):
    path = edited(tmp_path, 'w:name w:val="报告表数"', 'w:name w:val="我的表数"', STYLES)
    assert "缺少样式“报告表数”" in refusal(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是 Word 文档"),
        (b"\xd0\xcf\x11\xe0 an old .doc", "不是 Word 文档"),
        (b"PK\x03\x04 torn", "不是 Word 文档"),
    ],
)
def test_what_is_no_document_is_said_to_be_none(tmp_path, content, said):
    path = tmp_path / "模板.docx"
    path.write_bytes(content)
    assert said in refusal(path)


def test_a_workbook_a_torn_part_and_an_entity_are_no_template(tmp_path):
    path = tmp_path / "表.docx"
    package = WordPackage((TEMPLATES / "monthly.docx").read_bytes(), "表.docx")
    body = package.parts.pop(DOCUMENT)
    path.write_bytes(package.save())
    assert "缺少 word/document.xml" in refusal(path)
    package.parts[DOCUMENT] = body[:-20]
    path.write_bytes(package.save())
    assert "word/document.xml 已损坏" in refusal(path)
    declared = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document'
    package.parts[DOCUMENT] = body.replace(b"<w:document", declared, 1)
    path.write_bytes(package.save())
    assert "不允许的声明" in refusal(path)


def test_a_template_that_is_not_there_is_said_so(tmp_path):
    assert refusal(tmp_path / "没有.docx").startswith("Word 模板读不到")


def test_text_of_a_report_is_never_read_as_a_tag():
    made = render_docx(hostile_report(), stamp())
    read = "\n".join(p.text for p in docx.Document(io.BytesIO(made)).paragraphs)
    assert "{{7*7}} {% for x in y %}" in read
    assert "[[section]]" in read


def test_the_guide_for_the_office_names_every_tag_part_and_style():
    guide = Path(__file__).parents[3].joinpath("docs/report-templates.md").read_text("utf-8")
    named = set(re.findall(r"`([^`\n]+)`", guide))
    assert {f"{{{{ {tag} }}}}" for tag in TAGS} <= named
    assert set(NEEDED) <= named
    assert {f"[[{part}]]" for part in ("*", "更正", "说明")} <= named


def test_an_issued_report_may_serve_as_a_template(tmp_path):
    issued = WordPackage(render_docx(plain_report(), stamp()), "旧报告.docx")
    body = issued.parts[DOCUMENT].decode()
    rest = "<w:p><w:r><w:t>[[*]]</w:t></w:r></w:p><w:sectPr>"
    issued.parts[DOCUMENT] = body.replace("<w:sectPr>", rest).encode()
    path = tmp_path / "旧报告.docx"
    path.write_bytes(issued.save())
    made = tmp_path / "新报告.docx"
    made.write_bytes(render_docx(plain_report(), stamp(), template=path))
    assert OpenXmlValidator().validate(made).errors == []
    charts = [name for name in WordPackage(made.read_bytes(), "").parts if "charts/report" in name]
    assert len([name for name in charts if name.endswith(".xml")]) == 6
