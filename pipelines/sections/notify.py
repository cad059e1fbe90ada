"""The section [notify] of hotline.toml.

Belongs here: its keys, and what is wrong with them in one Chinese sentence. An address holds
passwords: the file names the environment variable that holds it, and one written in the file is
refused without being quoted.
"""

import re
from collections.abc import Iterable
from datetime import time

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic_core import PydanticCustomError

from assets.installation import Channel, NoticeSettings
from assets.notifications import EVENTS, USUAL

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r"[\w-]{1,40}")
_MISSING_AFTER = f"{NoticeSettings.missing_after:%H:%M}"


def _wrong(sentence: str) -> PydanticCustomError:
    # Braces would be read as fields of a template.
    return PydanticCustomError("notify", sentence.replace("{", "｛").replace("}", "｝"))


def _known(given: dict[str, object], keys: Iterable[str]) -> None:
    if unknown := sorted(given.keys() - set(keys)):
        raise _wrong(f"没有“{unknown[0]}”这一项，可用的有 {'、'.join(keys)}")


class ChannelConfig(BaseModel):
    """One way to people: [[notify.channels]].

    Attributes:
        name: what it is called in messages of the program.
        url_from: name of the environment variable that holds its address.
        events: ids of the events that it is told of.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    url_from: str
    events: list[str] = list(USUAL)

    @model_validator(mode="before")
    @classmethod
    def _no_address(cls, given: object) -> object:
        if not isinstance(given, dict):
            raise _wrong("每个通道写成 [[notify.channels]] 一节")
        texts = [given.get("url"), given.get("url_from")]
        if "url" in given or any("://" in each for each in texts if isinstance(each, str)):
            raise _wrong(
                "通知地址含有密码，不能写在配置文件里：请把它放进环境变量，url_from 只写变量名"
            )
        for key in ("name", "url_from"):
            if not isinstance(given.get(key), str):
                raise _wrong(f"缺少 {key}（文字）")
        _known(given, cls.model_fields)
        return given

    @field_validator("name")
    @classmethod
    def _is_name(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise _wrong("名称用1至40个文字、数字、“_”或“-”")
        return name

    @field_validator("url_from")
    @classmethod
    def _is_variable(cls, name: str) -> str:
        if not _VARIABLE.fullmatch(name):
            raise _wrong("这里写环境变量的名称，如 HOTLINE_MAIL_URL")
        return name

    @field_validator("events", mode="before")
    @classmethod
    def _are_events(cls, events: object) -> list[str]:
        known = f"可用的有 {'、'.join(EVENTS)}"
        if not isinstance(events, list) or not events:
            raise _wrong(f'写成一列事件，如 ["missing", "failed"]；{known}')
        for each in events:
            if each not in EVENTS:
                raise _wrong(f"没有事件“{each}”，{known}")
        return list(dict.fromkeys(events))


class NotifyConfig(BaseModel):
    """The section [notify].

    Attributes:
        channels: who is told; nobody unless set.
        missing_after: time of day from which on an export of the day before is missing.
        quarantined_above: share of a file's rows above which quarantined rows are told.
    """

    model_config = ConfigDict(extra="forbid")

    channels: list[ChannelConfig] = []
    missing_after: str = _MISSING_AFTER
    quarantined_above: float = NoticeSettings.quarantined_above

    @model_validator(mode="before")
    @classmethod
    def _is_section(cls, given: object) -> object:
        if isinstance(given, dict):
            _known(given, cls.model_fields)
            if not isinstance(given.get("channels", []), list):
                raise _wrong("通道写成 [[notify.channels]]，两层方括号，每个通道一节")
        return given

    @field_validator("quarantined_above", mode="before")
    @classmethod
    def _is_share(cls, share: object) -> float:
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise _wrong("这里写0至1的数，如 0.01")
        return share

    @field_validator("missing_after", mode="before")
    @classmethod
    def _is_time(cls, text: object) -> str:
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", str(text)):
            raise _wrong('时刻写成 "08:00" 的样子')
        return str(text)

    @field_validator("channels")
    @classmethod
    def _have_names_of_their_own(cls, channels: list[ChannelConfig]) -> list[ChannelConfig]:
        if len({each.name for each in channels}) < len(channels):
            raise _wrong("两个通道用了同一个 name")
        return channels

    def settings(self) -> NoticeSettings:
        """What the code goes by."""
        return NoticeSettings(
            channels=tuple(
                Channel(each.name, each.url_from, tuple(each.events)) for each in self.channels
            ),
            missing_after=time.fromisoformat(self.missing_after),
            quarantined_above=self.quarantined_above,
        )
