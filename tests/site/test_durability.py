"""An acknowledged reply is stored, whichever process is killed at any moment."""

import os
import random
import signal
import threading

import pytest

from tests.load import Answer, at_once, post, reply
from tests.server import Server, running_server

pytestmark = pytest.mark.server
ROUNDS, REPLIES, WORKERS = 4, 120, 3


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("served"), workers=WORKERS) as server:
        yield server


class Killer:
    """Counts answers; at one count it kills a worker, at a later one everything."""

    def __init__(self, server: Server, seed: int):
        chance = random.Random(seed)
        self.server = server
        self.first, self.last = sorted(chance.sample(range(5, REPLIES - 40), 2))
        self.answered, self.lock = 0, threading.Lock()

    def watch(self, answer: Answer) -> Answer:
        with self.lock:
            self.answered += answer.status > 0
            if self.answered >= self.last:
                self.server.kill()
            elif self.answered == self.first and answer.status:
                os.kill(random.choice(self.server.worker_pids()), signal.SIGKILL)
        return answer


def counts(server: Server) -> dict[str, int]:
    return dict(server.rows("SELECT body, COUNT(*) FROM comments_comment GROUP BY body"))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_reply_is_lost_or_doubled_when_servers_are_killed(server, seed):
    [path] = server.make_essays()
    root = post(server.url, path, reply(seed)).comment
    killer = Killer(server, seed)

    def send(number: int) -> Answer:
        fields = reply(number, random.choice([None, root]))
        return killer.watch(post(server.url, path, fields))

    begin = (seed + 1) * 1000
    answers = at_once(send, range(begin, begin + REPLIES))
    assert {answer.status for answer in answers} == {0, 303}
    server.start()
    kept = counts(server)
    assert all(kept.get(answer.fields["body"]) == 1 for answer in answers if answer.is_taken)
    unanswered = [answer.fields for answer in answers if not answer.is_taken]
    again = at_once(lambda fields: post(server.url, path, fields), unanswered)
    assert all(answer.is_taken for answer in again)
    kept = counts(server)
    assert all(kept[answer.fields["body"]] == 1 for answer in answers)
    assert "whole" in server.command("check_threads")
