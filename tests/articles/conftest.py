"""An editor, and a test client in which the editor is logged in."""

import pytest

from tests.builders import build_staff


@pytest.fixture
def editor():
    return build_staff("editor", first_name="Una", last_name="Quill")


@pytest.fixture
def editor_client(client, editor):
    client.force_login(editor)
    return client
