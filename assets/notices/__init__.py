"""What the operator and the leaders are told, and the record of what they were told.

Belongs here: events, the notices that hold now as functions of the installation's state, the
outbox, the message, and sending it through apprise. When that happens is decided by
`pipelines.notifying`.
"""
