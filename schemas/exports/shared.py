"""Column constructors that several exports share: an id, a code, a time, a free text.

Belongs here: shorthand for the kinds of DATA.md with their limits. No table is declared here.
"""

from schemas.columns import (
    CONTENT_LENGTH,
    ID_LENGTH,
    NAME_LENGTH,
    Column,
    Kind,
    Protection,
)


def identifier(
    name: str, title: str, description: str, *, required: bool = True, aliases: tuple[str, ...] = ()
) -> Column:
    """Text that identifies: never a number, at most 64 characters."""
    return Column(
        name=name,
        title=title,
        kind=Kind.IDENTIFIER,
        description=description,
        required=required,
        aliases=aliases,
        max_length=ID_LENGTH,
    )


def code(
    name: str,
    title: str,
    description: str,
    codes: tuple[str, ...],
    *,
    required: bool = True,
    aliases: tuple[str, ...] = (),
) -> Column:
    """One of a closed list of Chinese terms."""
    return Column(
        name=name,
        title=title,
        kind=Kind.CODE,
        description=description,
        required=required,
        codes=codes,
        aliases=aliases,
        max_length=NAME_LENGTH,
    )


def timestamp(
    name: str,
    title: str,
    description: str,
    *,
    required: bool = True,
    aliases: tuple[str, ...] = (),
    horizon_days: int = 1,
) -> Column:
    """An instant, to the second, in the hotline's time zone."""
    return Column(
        name=name,
        title=title,
        kind=Kind.TIMESTAMP,
        description=description,
        required=required,
        aliases=aliases,
        horizon_days=horizon_days,
    )


def text(
    name: str,
    title: str,
    description: str,
    *,
    required: bool = True,
    aliases: tuple[str, ...] = (),
    max_length: int = NAME_LENGTH,
    protection: Protection = Protection.NONE,
    is_name: bool = False,
) -> Column:
    """A text; as a name it is grouped by, and a "?" in it is the trace of a lost character."""
    return Column(
        name=name,
        title=title,
        kind=Kind.TEXT,
        description=description,
        required=required,
        aliases=aliases,
        max_length=max_length,
        protection=protection,
        is_name=is_name,
    )


def free_text(
    name: str, title: str, description: str, *, max_length: int = CONTENT_LENGTH
) -> Column:
    """What a citizen or an agent wrote: numbers of people are masked in it."""
    return text(name, title, description, max_length=max_length, protection=Protection.MASKED)
