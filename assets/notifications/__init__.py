"""What people are told, the record of what they were told, and sending it."""

from assets.notifications.events import EVENTS, USUAL, Severity
from assets.notifications.gather import failure
from assets.notifications.message import Message
from assets.notifications.sending import send
from assets.notifications.telling import notify_on_exit, preview, tell

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
