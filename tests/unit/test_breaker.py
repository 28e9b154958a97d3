"""Who waits for a server that says nothing, and who is told at once."""

import pytest

from bot.errors import StoreError
from bot.stores.database.breaker import REST, Breaker


class Server:
    """A server behind a breaker, by a clock that is set by hand."""

    def __init__(self) -> None:
        """Begin with a server that answers."""
        self.now = 100.0
        self.silent = False
        self.breaker = Breaker(clock=lambda: self.now)

    def use(self) -> str:
        """Return how an attempt to use it ends."""
        try:
            with self.breaker.trying():
                self._answer()
        except TimeoutError:
            return "waited"
        except StoreError:
            return "told"
        return "answered"

    def _answer(self) -> None:
        """Answer, or let who asks wait until they give up."""
        if self.silent:
            raise TimeoutError


@pytest.fixture
def server() -> Server:
    """Return a server that answers."""
    return Server()


def test_a_server_that_answers_is_used(server: Server) -> None:
    """As long as it answers, everybody uses it."""
    assert ["answered"] * 3 == [server.use() for _ in range(3)]


def test_after_one_has_waited_the_others_are_told(server: Server) -> None:
    """Once it said nothing, nobody tries for a while."""
    server.silent = True
    assert ["waited", "told", "told"] == [server.use() for _ in range(3)]


def test_after_a_while_it_is_tried_again(server: Server) -> None:
    """When the time is up, the next one tries, and the others are told again."""
    server.silent = True
    server.use()
    server.now += REST
    assert ["waited", "told"] == [server.use(), server.use()]


def test_while_one_tries_the_others_are_told(server: Server) -> None:
    """A try that is on its way is the only one."""
    server.silent = True
    server.use()
    server.now += REST
    with server.breaker.trying():
        assert "told" == server.use()


def test_once_it_answers_all_is_as_before(server: Server) -> None:
    """A try that succeeds ends it."""
    server.silent = True
    server.use()
    server.now, server.silent = server.now + REST, False
    assert ["answered", "answered"] == [server.use(), server.use()]


def test_what_is_refused_is_no_silence(server: Server) -> None:
    """A server that refuses is tried by everybody: that costs nobody time."""
    with pytest.raises(ConnectionRefusedError), server.breaker.trying():
        raise ConnectionRefusedError
    assert "answered" == server.use()
