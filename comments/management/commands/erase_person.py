"""Erases everything stored about one person."""

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
        counts = find.count_found(email)
        if not any(counts.values()):
            raise CommandError("Nothing is kept of this address.")
        labels = {"log": "log entries"}
        summary = "; ".join(f"{labels.get(kind, kind)}: {n}" for kind, n in counts.items())
        self.stdout.write(summary.capitalize())
        require_confirmation("This cannot be taken back. Type yes: ", no_input)
        self.stdout.write(f"Comments erased: {erase.erase(email)}")
