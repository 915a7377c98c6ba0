"""Erases all that is kept of one person."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from comments.management.confirm import add_no_input, require_confirmation
from comments.privacy import erase, find


class Command(BaseCommand):
    help = (
        "Erases words, name and address of the person with this e-mail address everywhere. Trees, "
        "numbers and the log's chain stay whole."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        add_no_input(parser)

    def handle(self, email, no_input, **options):
        try:
            email = find.read_address(email)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        found = find.count_found(email)
        if not any(found.values()):
            raise CommandError("Nothing is kept of this address.")
        told = {"log entries" if kind == "log" else kind: many for kind, many in found.items()}
        told = "; ".join(f"{kind}: {many}" for kind, many in told.items())
        self.stdout.write(told.capitalize())
        require_confirmation("This cannot be taken back. Type yes: ", no_input)
        self.stdout.write(f"Comments erased: {erase.erase(email)}")
