"""What every page of ours has in common: templates, style, script, and the policy that locks it.

Belongs here: the environment of templates and the content security policy. The one style sheet
and the one script of a page are allowed by their hashes, and nothing else is allowed at all.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assets.reports.render.clean import CELL, PARAGRAPH, clean

_FOLDER = Path(__file__).parent / "page"


def _placed(value: object) -> object:
    """Whatever a template prints: text is cleaned before it is escaped, markup of ours is not."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value, PARAGRAPH)
    return value


@cache
def environment() -> Environment:
    """The templates, which escape everything and stop at a name that they do not know."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_placed,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["cell"] = lambda text: clean(text, CELL)
    return made


@cache
def inline(style: str, script: str) -> dict[str, Markup]:
    """Style, script and policy of a page.

    Args:
        style: names of style sheets, joined in order, with + between them.
        script: name of the script.

    Returns:
        Values for a template: `style`, `script` and `policy`.
    """
    css = "".join(_read(name) for name in style.split("+"))
    code = _read(script)
    policy = (
        f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(code)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    # Own files of this package, never text of a report.
    values = {"style": css, "script": code, "policy": policy}
    return {name: Markup(value) for name, value in values.items()}  # noqa: S704


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
