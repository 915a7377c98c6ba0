"""Erases all that is kept of one person."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from comments import privacy


class Command(BaseCommand):
    help = (
        "Erases words, name and address of the person with this e-mail address everywhere. Trees, "
        "numbers and the log's chain stay whole."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def handle(self, email, no_input, **options):
        try:
            email = privacy.read_address(email)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        found = privacy.count(email)
        if not any(found.values()):
            raise CommandError("Nothing is kept of this address.")
        told = {"log entries" if kind == "log" else kind: many for kind, many in found.items()}
        told = "; ".join(f"{kind}: {many}" for kind, many in told.items())
        self.stdout.write(told.capitalize())
        if not no_input and not is_meant("This cannot be taken back. Type yes: "):
            raise CommandError("Nothing was changed. With --no-input it is done without asking.")
        self.stdout.write(f"Comments erased: {privacy.erase(email)}")


def is_meant(question: str) -> bool:
    try:
        return input(question) == "yes"
    except EOFError:  # nobody is there to answer
        return False
