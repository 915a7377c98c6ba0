"""Twenty clients at once, served by several workers: nothing is lost, doubled or out of place."""

import random

import pytest

from tests.load import Answer, at_once, post, reply
from tests.server import Server, running_server

pytestmark = pytest.mark.server
WORKERS = 3


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("served"), workers=WORKERS) as server:
        yield server


class Crowd:
    """Posts replies: a third to the essay, a third to one comment, a third to any comment."""

    def __init__(self, server: Server, paths: list[str]):
        self.server = server
        first = [post(server.url, path, reply(0)) for path in paths]
        self.known = {path: [answer.comment] for path, answer in zip(paths, first, strict=True)}

    def post(self, number: int) -> Answer:
        path = random.choice(list(self.known))
        known = self.known[path]
        parent = random.choice([None, known[0], random.choice(known)])
        answer = post(self.server.url, path, reply(number, parent))
        if answer.is_taken:
            known.append(answer.comment)
        return answer


def stored(server: Server) -> dict[str, list[str]]:
    """The numbers of each reply's comments, by its words."""
    found: dict[str, list[str]] = {}
    for body, number in server.rows("SELECT body, number FROM comments_comment"):
        found.setdefault(body, []).append(number)
    return found


def assert_numbers_have_no_gap(server: Server):
    """Of every number n.m, there is n, and n.m-1 unless m is 1; and none is there twice."""
    rows = server.rows("SELECT article_id, number FROM comments_comment")
    there = set(rows)
    assert len(there) == len(rows)
    for article, number in rows:
        parent, _, last = number.rpartition(".")
        assert not parent or (article, parent) in there
        assert last == "1" or (article, f"{parent}.{int(last) - 1}".lstrip(".")) in there


def assert_all_is_well(server: Server, answers: list[Answer]):
    """Each reply taken is stored once, under the words sent; every thread is whole."""
    assert {answer.status for answer in answers} <= {303, 422}
    found = stored(server)
    for answer in answers:
        assert len(found.get(answer.fields["body"], ())) == answer.is_taken, answer
    assert_numbers_have_no_gap(server)
    assert "whole" in server.command("check_threads")


@pytest.mark.parametrize("essays", [1, 5])
def test_two_hundred_replies_from_twenty_clients_are_all_stored_once(server, essays):
    crowd = Crowd(server, server.make_essays(essays))
    numbers = range(essays * 1000, essays * 1000 + 200)
    answers = at_once(crowd.post, numbers)
    assert all(answer.is_taken for answer in answers)
    assert_all_is_well(server, answers)


def test_replies_moderators_and_editors_do_not_get_in_each_others_way(server):
    crowd = Crowd(server, server.make_essays(5))
    load = "from tests import load; load."
    with (
        server.background(load + "moderate(1)") as first,
        server.background(load + "moderate(2)") as second,
        server.background(load + "edit()") as editor,
    ):
        answers = at_once(crowd.post, range(20_000, 20_200))
    assert all(int(rounds[-1]) > 0 for rounds in (first, second, editor))
    # A reply to what a moderator has just hidden is refused, with its words kept.
    assert sum(answer.is_taken for answer in answers) > 20
    assert_all_is_well(server, answers)


def test_the_same_reply_sent_ten_times_at_once_is_stored_once(server):
    [path] = server.make_essays(1)
    for number in range(30_000, 30_005):
        fields = reply(number)
        answers = at_once(lambda _, fields=fields: post(server.url, path, fields), range(10), 10)
        assert {answer.status for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert len(stored(server)[fields["body"]]) == 1


def test_limits_are_exact_across_workers(tmp_path):
    with running_server(
        tmp_path, workers=WORKERS, REPLIES_PER_HOUR="7", TRUSTED_PROXIES="0"
    ) as server:
        [path] = server.make_essays(1)
        answers = at_once(lambda number: post(server.url, path, reply(number)), range(60))
        taken = sum(answer.is_taken for answer in answers)
        by_key = server.rows(
            "SELECT sum(hits), max(hits) FROM comments_ratelimitwindow GROUP BY client_hash"
        )
    assert {answer.status for answer in answers} == {303, 429}
    # Client and network count every reply, each mailbox its own; nobody counts what was refused.
    assert sorted(total for total, _ in by_key) == [1] * taken + [taken, taken]
    assert max(most for _, most in by_key) == 7
