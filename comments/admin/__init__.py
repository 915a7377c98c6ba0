"""The moderator's desk."""

from comments.admin import comments, log, people, rules

__all__ = ["comments", "log", "people", "rules"]
