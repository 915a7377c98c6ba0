"""What commands ask before they do what cannot be taken back."""

from django.core.management.base import CommandError


def add_no_input(parser):
    parser.add_argument("--no-input", action="store_true", help="do not ask")


def require_confirmation(question: str, no_input: bool):
    """Returns if the answer is yes, or nobody is to be asked; else raises CommandError."""
    if not no_input and not is_confirmed(question):
        raise CommandError("Nothing was changed. With --no-input it is done without asking.")


def is_confirmed(question: str) -> bool:
    try:
        return input(question) == "yes"
    except EOFError:  # nobody is there to answer
        return False
