"""The way to Telegram: python-telegram-bot's requests over aiohttp.

The library's own transport looks through its whole pool of connections for each request, which
costs more the more of them are open; aiohttp finds a free one at once.
"""

from dataclasses import dataclass
from json import JSONEncoder
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot import __version__

MOST_CONNECTIONS = 100

_AGENT = {"User-Agent": f"Guidebot/{__version__}"}
_AS_JSON = {"Content-Type": "application/json"}
_encoded = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, to wait for a free connection, to write a request, to get an answer.

    `upload` stands for `write` where there are files.
    """

    read: float = 20.0
    write: float = 20.0
    upload: float = 60.0
    connect: float = 10.0
    pool: float = 10.0


class AiohttpRequest(BaseRequest):
    """A BaseRequest with one pool of connections for all requests.

    What fails is a TimedOut or a NetworkError that names the kind of failure, never the address,
    which holds the token.
    """

    __slots__ = ("_connections", "_proxies", "_session", "_timeouts")

    def __init__(
        self, connections: int = MOST_CONNECTIONS, timeouts: Timeouts | None = None
    ) -> None:
        """Open at most `connections` at once; `timeouts` are for requests that name none."""
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._session: ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """The seconds that an answer may take, unless a request says otherwise."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the pool, unless it is open."""
        if self._session is None:
            connector = TCPConnector(limit=self._connections, ttl_dns_cache=60)
            self._session = ClientSession(
                connector=connector, cookie_jar=DummyCookieJar(), headers=_AGENT
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and body of the answer. Raises TimedOut or NetworkError."""
        if self._session is None:
            message = "the transport is not initialized"
            raise RuntimeError(message)
        uploads = request_data is not None and request_data.contains_files
        timeout = _timeout(
            _given(read_timeout, self._timeouts.read),
            _given(write_timeout, self._timeouts.upload if uploads else self._timeouts.write),
            _given(connect_timeout, self._timeouts.connect),
            _given(pool_timeout, self._timeouts.pool),
        )
        body, headers = _body(request_data)
        sending = self._session.request(
            method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy(url)
        )
        try:
            async with sending as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except (ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    def _proxy(self, url: str) -> str | None:
        """Return the proxy that the environment names for the host of `url`, if any."""
        scheme, host = urlsplit(url)[:2]
        if host not in self._proxies:  # to look is slow, so it is done once
            bypassed = proxy_bypass(host)
            self._proxies[host] = None if bypassed else getproxies().get(scheme)
        return self._proxies[host]


def _given(value: object, otherwise: float) -> float | None:
    """Return the timeout that a request names; None waits for ever; anything else: `otherwise`."""
    return value if value is None or isinstance(value, (int, float)) else otherwise


def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None
) -> ClientTimeout:
    """Return the timeouts as aiohttp has them. It has none for writing, so that adds to others."""
    answered = None if read is None or write is None else read + write
    connected = None if connect is None or pool is None else connect + pool
    whole = None if answered is None or connected is None else answered + connected
    return ClientTimeout(total=whole, connect=connected, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> tuple[bytes | FormData | None, dict[str, str]]:
    """Return the body of a request and its headers: JSON, or a form if there are files."""
    if data is None:
        return None, {}
    if not data.contains_files:
        return _encoded(data.parameters).encode("utf-8", "replace"), _AS_JSON
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}
