"""A backup is made and put back while the site runs, on both databases."""

import pytest

from tests.load import post, reply
from tests.server import running_server

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("backup")) as server:
        yield server


@pytest.fixture(scope="module")
def path(site):
    return site.make_essays()[0]


def bodies(site):
    return {body for (body,) in site.rows("SELECT body FROM comments_comment")}


def test_restore_brings_back_the_moment_of_the_backup(site, path, tmp_path):
    assert post(site.url, path, reply(1)).is_taken
    site.manage("backup", str(tmp_path / "one.backup"))
    assert post(site.url, path, reply(2)).is_taken
    site.manage("restore", "--no-input", str(tmp_path / "one.backup"))
    assert bodies(site) == {reply(1)["body"]}
    # The running server goes on with what was restored.
    assert post(site.url, path, reply(3)).is_taken
    assert bodies(site) == {reply(1)["body"], reply(3)["body"]}
    assert "whole" in site.command("check_threads")


def test_backup_never_overwrites_and_is_readable_by_its_owner_alone(site, tmp_path):
    file = tmp_path / "two.backup"
    site.manage("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RuntimeError, match="is there already"):
        site.manage("backup", str(file))


def test_restore_refuses_a_file_that_is_no_backup(site, path, tmp_path):
    post(site.url, path, reply(4))
    before = bodies(site)
    (tmp_path / "letter").write_text("Dear sirs, " * 500)
    with pytest.raises(RuntimeError):
        site.manage("restore", "--no-input", str(tmp_path / "letter"))
    assert bodies(site) == before


def test_backup_into_a_missing_folder_says_so(site, tmp_path):
    with pytest.raises(RuntimeError, match="cannot be written"):
        site.manage("backup", str(tmp_path / "nowhere" / "three.backup"))
