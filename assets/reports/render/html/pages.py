"""What our pages have in common: templates, style, script, and the policy that locks them.

The one style sheet and the one script of a page are allowed by their hashes, and nothing else is.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assets.reports.render import masthead
from assets.reports.render.text import PARAGRAPH, clean

_FOLDER = Path(__file__).parent / "page"


def render_page(template: str, style: str, script: str, **values: object) -> bytes:
    """A page as UTF-8.

    Args:
        template: its name.
        style: name of the style sheet that follows the common one.
        script: name of the script.
        values: what the template prints; it has `masthead` too.
    """
    css = _read("base.css") + _read(style)
    code = _read(script)
    policy = (
        f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(code)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    # Own files of this package, never text of a report.
    own = {"style": Markup(css), "script": Markup(code), "policy": Markup(policy)}  # noqa: S704
    made = _environment().get_template(template)
    return made.render(masthead=masthead, **own, **values).encode()


@cache
def _environment() -> Environment:
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
    made.filters["cell"] = clean
    return made


def _placed(value: object) -> object:
    """Whatever a template prints: text is cleaned before it is escaped, markup of ours is not."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value, PARAGRAPH)
    return value


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
