"""What people are told, the record of what they were told, and sending it.

What holds now is gathered as notices (`gather`, of the kinds in `events`); what is new is owed to
each channel (`outbox`), composed into one message (`message`) and sent (`channels`). The main entry
is `tell`.
"""

from assets.notifications.channels import send
from assets.notifications.events import EVENTS, USUAL, Severity, failure
from assets.notifications.message import Message
from assets.notifications.outbox import notify_on_exit, preview, tell

__all__ = [
    "EVENTS",
    "USUAL",
    "Message",
    "Severity",
    "failure",
    "notify_on_exit",
    "preview",
    "send",
    "tell",
]
