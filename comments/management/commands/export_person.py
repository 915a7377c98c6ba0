"""Exports everything stored about one person."""

import json
import os
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from comments.models import log
from comments.privacy import export, find


class Command(BaseCommand):
    help = "Writes everything stored of the person with this e-mail address, as JSON or as text."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("file", type=Path, nargs="?", help="by default it is printed")
        parser.add_argument("--text", action="store_true", help="to be read by people")

    def handle(self, email, file, text, **options):
        try:
            email = find.read_address(email)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        if not any(find.count_found(email).values()):
            raise CommandError("Nothing is kept of this address.")
        exported = export.export(email)
        log.record_single("export")
        content = export.as_text(exported) if text else json.dumps(exported, indent=2) + "\n"
        if file is None:
            self.stdout.write(content, ending="")
            return
        try:
            # Personal data: readable by the owner only.
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                stream.write(content)
        except OSError as error:
            raise CommandError(f"{file} cannot be made: {error.strerror}") from None
        self.stdout.write(f"{file}: {len(exported['comments'])} comments")
