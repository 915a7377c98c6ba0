"""The admin of comments: every module registers its models."""

from comments.admin import bans, comments, flags, log, rules

__all__ = ["bans", "comments", "flags", "log", "rules"]
