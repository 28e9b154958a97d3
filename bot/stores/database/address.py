"""DATABASE_URL -> the address that SQLAlchemy connects to."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreError

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
_EXPECTED = "DATABASE_URL must be memory:, sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"


def address_of(text: str, folder: Path) -> URL:
    """Return the address that `text` stands for; empty means a file in `folder`.

    Raises StoreError if it is none, or if the folder of the file can't be made.
    """
    if not text:
        return _made(URL.create(_DRIVERS["sqlite"], database=str(folder / "guidebot.db")))
    try:
        given = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError(_EXPECTED) from None
    backend = given.drivername.partition("+")[0]
    if backend not in _DRIVERS:
        raise StoreError(_EXPECTED)
    url = given.set(drivername=_DRIVERS[backend])
    return _made(url) if backend == "sqlite" else _with_asyncpg_s_words(url)


def _made(url: URL) -> URL:
    """Return `url` when the folder of its file exists; only the owner may look into a new one."""
    path = Path(url.database or "")
    if url.database in (None, "", ":memory:"):
        raise StoreError(_EXPECTED)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"the folder {path.parent} can't be made ({type(error).__name__}): set DATA_DIR"
        raise StoreError(message) from None
    return url


def _with_asyncpg_s_words(url: URL) -> URL:
    """Return `url` with the ``sslmode`` that others write as the ``ssl`` that asyncpg reads."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(query=query)
