"""Releases under fire: the machinery that kills, fails and disturbs the real code.

Belongs here: wrapping the system calls that `assets.core.files` makes, counting them, and looking
at what is left. Nothing of the project is replaced: the operation fails, or the process dies.
"""
