"""The question that a command asks before it does something final."""

from django.core.management.base import CommandError


def add_no_input(parser):
    parser.add_argument("--no-input", action="store_true", help="do not ask")


def require_confirmation(question: str, no_input: bool):
    """Raises CommandError unless the answer is yes, or `no_input` is set."""
    if not no_input and not is_confirmed(question):
        raise CommandError("Nothing was changed. With --no-input it is done without asking.")


def is_confirmed(question: str) -> bool:
    try:
        return input(question) == "yes"
    except EOFError:  # not a terminal
        return False
