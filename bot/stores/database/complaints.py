"""What goes wrong with a database, as StoreError: one line that quotes nothing that is kept."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from bot.errors import StoreError


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Raise StoreError for what a database, its driver or the network complains of.

    An argument that no database could keep is a mistake of the caller's, and comes out as it is.
    """
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
            raise
        message = f"the database can't be used ({_reason(error)}): check DATABASE_URL"
        raise StoreError(message) from None


def _reason(error: Exception) -> str:
    """Return the name of what went wrong; a driver's message could quote a row or a password."""
    told = getattr(error, "orig", None) or error
    if not isinstance(told, TimeoutError):  # behind one stands the cancellation that made it
        told = told.__cause__ or told
    name: str = getattr(told, "sqlite_errorname", type(told).__name__)
    return name
