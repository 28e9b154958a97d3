"""DATABASE_URL -> where to connect."""

from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.stores.database.address import address_of


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql://ann:pw@db/tea", "postgresql+asyncpg://ann:pw@db/tea"),
        ("postgres://ann:pw@db:5433/tea", "postgresql+asyncpg://ann:pw@db:5433/tea"),
        ("postgresql+psycopg://ann@db/tea", "postgresql+asyncpg://ann@db/tea"),
        ("postgresql://db/tea?sslmode=require", "postgresql+asyncpg://db/tea?ssl=require"),
        ("postgresql://a:p%40ss@db/tea", "postgresql+asyncpg://a:p%40ss@db/tea"),
    ],
)
def test_an_address_of_postgresql(given: str, expected: str, tmp_path: Path) -> None:
    """The ways in which others write an address of PostgreSQL all work."""
    assert expected == address_of(given, tmp_path).render_as_string(hide_password=False)


def test_a_file_of_sqlite(tmp_path: Path) -> None:
    """An address of SQLite names its file; the file's folder is made."""
    url = address_of(f"sqlite:///{tmp_path}/new/tea.db", Path("elsewhere"))

    expected = ("sqlite+pysqlite", f"{tmp_path}/new/tea.db", True)
    assert expected == (url.drivername, url.database, (tmp_path / "new").is_dir())


def test_no_address(tmp_path: Path) -> None:
    """No address is a file in the folder, whatever characters the folder's name has."""
    folder = tmp_path / "50% of #1?"
    url = address_of("", folder)

    expected = str(folder / "guidebot.db")
    assert expected == url.database


def test_a_new_folder_is_its_owner_s(tmp_path: Path) -> None:
    """Nobody else on the machine can look into a folder that was made for the database."""
    address_of("", tmp_path / "data")

    expected = 0o700
    assert expected == (tmp_path / "data").stat().st_mode & 0o777


@pytest.mark.parametrize(
    "given",
    [
        "mysql://ann:secret@db/tea",
        "ann:secret@db/tea",
        "postgresql",
        "postgresql://ann:secret@db:port/tea",
        "sqlite://",
        "sqlite:///:memory:",
        "/var/lib/tea.db",
        "memory",
        "http://[",
    ],
)
def test_what_is_no_address(given: str, tmp_path: Path) -> None:
    """Anything else is refused in one line that says what is expected and shows no password."""
    with pytest.raises(StoreError) as raised:
        address_of(given, tmp_path)

    expected = (
        "DATABASE_URL must be memory:, sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
    )
    assert expected == str(raised.value)
