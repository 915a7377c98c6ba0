"""No worker and no second server ever shows a page as it was before a change."""

import os
import signal
import urllib.error
import urllib.request

import pytest

from tests.load import post, reply
from tests.server import Server, running_server

pytestmark = pytest.mark.server


class NamedServer(Server):
    """A server whose answers name the worker process that gave them."""

    application = "tests.wsgi"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Two servers of several workers on one database, as two machines would have them."""
    folder = tmp_path_factory.mktemp("fresh")
    with running_server(folder, workers=3, kind=NamedServer) as first:
        second = NamedServer(folder, first.database, workers=2, SITE_URL=first.url).start()
        try:
            yield first, second
        finally:
            second.stop()


@pytest.fixture(scope="module")
def essay(servers):
    path = servers[0].make_essays()[0]
    return path.removesuffix("reply/")


def read(server, path) -> tuple[int, int, str]:
    """The worker that answers, its status and the page."""
    try:
        with urllib.request.urlopen(server.url + path, timeout=30) as answer:
            return int(answer.headers["X-Worker"]), answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return int(error.headers["X-Worker"]), error.code, error.read().decode()


def ask_every_worker(server, path) -> list[tuple[int, str]]:
    """Status and page from each worker: one that has answered is stopped till all others have."""
    stopped, answers = set(), []
    try:
        for _ in server.worker_pids():
            worker, *answer = read(server, path)
            os.kill(worker, signal.SIGSTOP)
            stopped.add(worker)
            answers.append(tuple(answer))
        assert stopped == set(server.worker_pids())
    finally:
        for worker in stopped:
            os.kill(worker, signal.SIGCONT)
    return answers


def everywhere(servers, *paths) -> list[str]:
    """The page that every worker of both servers shows at each of these paths."""
    answers = [
        one for server in servers for path in paths for one in ask_every_worker(server, path)
    ]
    assert {status for status, _ in answers} == {200}
    return [page for _, page in answers]


def change(server, code):
    server.run(f"from articles.models import *; from comments.models import *; {code}")


@pytest.mark.parametrize("round", range(3))
def test_reply_shows_at_once_everywhere(servers, essay, round):
    everywhere(servers, essay)
    fields = reply(100 + round)
    assert post(servers[round % 2].url, f"{essay}reply/", fields).is_taken
    assert all(fields["body"] in page for page in everywhere(servers, essay))
    assert all(fields["body"] in feed for feed in everywhere(servers, f"{essay}feed/"))
    assert all(fields["body"] in feed for feed in everywhere(servers, "/comments/feed/"))


@pytest.mark.parametrize(("verb", "number"), [("hide", 200), ("mark_spam", 210)])
def test_hidden_words_are_gone_at_once_everywhere(servers, essay, verb, number):
    fields = reply(number)
    post(servers[0].url, f"{essay}reply/", fields)
    everywhere(servers, essay, "/comments/feed/")
    change(servers[0], f"Comment.objects.filter(body={fields['body']!r}).{verb}()")
    pages = everywhere(servers, essay, f"{essay}feed/", "/comments/feed/")
    assert not any(fields["body"] in page for page in pages)


def test_edited_essay_shows_at_once_everywhere(servers, essay):
    everywhere(servers, essay, "/", "/feed/")
    change(servers[0], "a = Article.objects.get(); a.title = 'Quite another title'; a.save()")
    pages = everywhere(servers, essay, "/", "/feed/")
    assert all("Quite another title" in page for page in pages)


def test_essay_leads_to_a_new_one_at_once_everywhere(servers, essay):
    everywhere(servers, essay)
    change(servers[0], "from tests.builders import *; build_article('The newest', slug='newest')")
    assert all("The newest" in page for page in everywhere(servers, essay))
    change(servers[0], "Article.objects.get(slug='newest').delete()")
    assert not any("The newest" in page for page in everywhere(servers, essay))


def test_renamed_author_shows_at_once_everywhere(servers, essay):
    everywhere(servers, essay, "/")
    change(servers[0], "a = Author.objects.get(); a.name = 'Zoe Quill'; a.save()")
    assert all("Zoe Quill" in page for page in everywhere(servers, essay, "/"))


def test_withdrawn_essay_is_gone_at_once_everywhere(servers, essay):
    everywhere(servers, essay, "/")
    change(servers[0], "a = Article.objects.get(); a.status = 'draft'; a.save()")
    try:
        for server in servers:
            assert {status for status, _ in ask_every_worker(server, essay)} == {404}
        assert not any("Quite another title" in page for page in everywhere(servers, "/"))
    finally:
        change(servers[0], "a = Article.objects.get(); a.status = 'published'; a.save()")
    assert all("Quite another title" in page for page in everywhere(servers, essay, "/"))


def test_unchanged_page_is_answered_with_304(servers, essay):
    with urllib.request.urlopen(servers[0].url + essay, timeout=30) as answer:
        tag = answer.headers["ETag"]
    request = urllib.request.Request(servers[1].url + essay, headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError, match="304"):
        urllib.request.urlopen(request, timeout=30)
    post(servers[0].url, f"{essay}reply/", reply(300))
    assert urllib.request.urlopen(request, timeout=30).status == 200
