"""Every table of comments, so that Django finds them."""

from comments.models.ban import Ban
from comments.models.comment import Comment
from comments.models.flag import Flag
from comments.models.log import ModerationAction
from comments.models.network_trace import NetworkTrace
from comments.models.note import Note
from comments.models.pattern import Pattern
from comments.models.proof_of_work import SpentProof
from comments.models.rate_limit import RateLimitWindow
from comments.models.reason import Reason
from comments.models.rules import Rules
from comments.models.thread import Thread, TreeLock
from comments.spam.feedback import ModeratorVerdict, TokenCount

__all__ = [
    "ModerationAction",
    "Ban",
    "Comment",
    "Flag",
    "ModeratorVerdict",
    "Note",
    "Pattern",
    "Reason",
    "Rules",
    "SpentProof",
    "Thread",
    "TokenCount",
    "NetworkTrace",
    "TreeLock",
    "RateLimitWindow",
]
