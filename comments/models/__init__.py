"""Every table of comments, so that Django finds them."""

from comments.models.ban import Ban
from comments.models.comment import Comment
from comments.models.flag import Flag
from comments.models.log import Act
from comments.models.network_trace import Trace
from comments.models.note import Note
from comments.models.pattern import Pattern
from comments.models.proof_of_work import SpentProof
from comments.models.rate_limit import Window
from comments.models.reason import Reason
from comments.models.rules import Rules
from comments.models.thread import Thread, TreeLock
from comments.spam.learned import Lesson, Token

__all__ = [
    "Act",
    "Ban",
    "Comment",
    "Flag",
    "Lesson",
    "Note",
    "Pattern",
    "Reason",
    "Rules",
    "SpentProof",
    "Thread",
    "Token",
    "Trace",
    "TreeLock",
    "Window",
]
