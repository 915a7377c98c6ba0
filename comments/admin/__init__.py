"""The moderator's desk."""

from comments.admin import bans, comments, flags, log, rules

__all__ = ["bans", "comments", "flags", "log", "rules"]
