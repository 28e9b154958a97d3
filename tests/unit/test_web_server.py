"""The socket of the page: which port, and who can reach it."""

import socket

import pytest

from bot.channels.web.server import address_of, bind, is_loopback
from bot.errors import ChannelError


def test_a_taken_port_is_passed_over() -> None:
    """If the port is taken, a later one is used."""
    with bind("127.0.0.1", 0) as first:
        taken = first.getsockname()[1]
        with bind("127.0.0.1", taken) as second:
            assert taken < second.getsockname()[1] <= taken + 20


def test_the_address_can_be_opened() -> None:
    """The address names the host and the port."""
    with bind("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        assert address_of(bound) == f"http://127.0.0.1:{port}/"


def test_loopback_is_known() -> None:
    """127.0.0.1 is this machine's alone; 0.0.0.0 is not."""
    with bind("127.0.0.1", 0) as near, bind("0.0.0.0", 0) as far:  # noqa: S104 - for a moment
        assert (True, False) == (is_loopback(near), is_loopback(far))
        assert address_of(far).startswith("http://localhost:")


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_told_in_one_line(host: str) -> None:
    """A host that can't be listened on gives one line with the host in it."""
    with pytest.raises(ChannelError, match=rf"^the page can't listen on {host}, port 0: [^\n]+$"):
        bind(host, 0)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_ipv6_address_stands_in_brackets() -> None:
    """An address of IPv6 is written as browsers want it."""
    try:
        bound = bind("::1", 0)
    except ChannelError:
        pytest.skip("no IPv6 loopback here")
    with bound:
        assert address_of(bound).startswith("http://[::1]:")
        assert is_loopback(bound)
