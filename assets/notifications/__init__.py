"""What people are told, the record of what they were told, and sending it.

What holds now is gathered as notices (`gather`, of the kinds in `events`); what is new is owed to
each channel (`outbox`), composed into one message (`message`) and sent (`channels`). The main entry
is `notify_channels`.
"""

from assets.notifications.channels import send
from assets.notifications.events import DEFAULT_EVENTS, EVENTS, Severity, failure_notice
from assets.notifications.message import Message
from assets.notifications.outbox import notify_channels, notify_on_exit, preview

__all__ = [
    "DEFAULT_EVENTS",
    "EVENTS",
    "Message",
    "Severity",
    "failure_notice",
    "notify_channels",
    "notify_on_exit",
    "preview",
    "send",
]
