"""Settings are read once, checked, and keep their secret."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import REPOSITORY, Settings, table

TOKEN = "123:not-a-token"  # noqa: S105 - made up


def test_the_defaults() -> None:
    """An empty environment gives the defaults of the table."""
    expected = Settings()
    assert expected == Settings.read({})


def test_every_setting_can_be_given() -> None:
    """Each variable of the table is read."""
    choices = {
        "ENCODER": "semantic",
        "LOG_LEVEL": "ERROR",
        "LOG_FORMAT": "json",
        "KEEP_DAYS": "7",
        "KEEP_MISSES_DAYS": "8",
        "FLOOD_LIMIT": "9",
        "WEBHOOK_REPLIES": "body",
    }
    environment = {name: choices.get(name, "x") for name, _, _ in table()}
    settings = Settings.read(environment)

    expected = list(environment.values())
    assert expected == [getattr(settings, field) for field in Settings.__dataclass_fields__]


def test_settings_for_another_process() -> None:
    """A process that is given the environment of settings reads the same ones."""
    settings = Settings.read({"GUIDES_OFF": "tea", "KEEP_DAYS": "7"})
    assert settings == Settings.read(settings.environment)


def test_every_setting_is_explained() -> None:
    """Each setting of the table has a help text."""
    assert not [name for name, _, text in table() if not text]


def test_a_blank_value() -> None:
    """A variable that is set to spaces counts as not set."""
    expected = Settings()
    assert expected == Settings.read({"LOG_LEVEL": "  "})


def test_spaces_around_a_value() -> None:
    """Spaces and line ends around a value are dropped."""
    expected = TOKEN
    assert expected == Settings.read({"TELEGRAM_BOT_TOKEN": f" {TOKEN}\n"}).bot_token


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ENCODER", "^ENCODER must be one of default, semantic$"),
        ("LOG_LEVEL", "^LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR$"),
        ("LOG_FORMAT", "^LOG_FORMAT must be one of text, json$"),
    ],
)
def test_a_value_that_is_no_choice(name: str, message: str) -> None:
    """A value that isn't one of the choices is an error that names them."""
    with pytest.raises(SettingsError, match=message):
        Settings.read({name: "loud"})


@pytest.mark.parametrize("name", ["KEEP_DAYS", "KEEP_MISSES_DAYS"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "36501", "1e3", "ten", "²"])
def test_a_number_of_days_that_is_none(name: str, value: str) -> None:
    """Days must be a whole number within a century."""
    with pytest.raises(SettingsError, match=f"^{name} must be a whole number of days from 1 to"):
        Settings.read({name: value})


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "²"])
def test_a_flood_limit_that_is_none(value: str) -> None:
    """A limit must be a whole number."""
    with pytest.raises(SettingsError, match="FLOOD_LIMIT must be a whole number"):
        Settings.read({"FLOOD_LIMIT": value})


def test_a_flood_limit() -> None:
    """The limit is read as a number; 0 is one, too."""
    assert [0, 20] == [Settings.read({"FLOOD_LIMIT": "0"}).flood_limit, Settings().flood_limit]


def test_how_long_things_are_kept() -> None:
    """The numbers of days are read as spans of time."""
    settings = Settings.read({"KEEP_DAYS": "1", "KEEP_MISSES_DAYS": "36500"})

    expected = (timedelta(days=1), timedelta(days=36500))
    assert expected == (settings.keep_for, settings.keep_misses_for)


def test_a_level_in_lower_case() -> None:
    """A level may be written in lower case."""
    expected = "debug"
    assert expected == Settings.read({"LOG_LEVEL": "debug"}).log_level


def test_a_token_in_a_file(tmp_path: Path) -> None:
    """A token may stand in a file, with a line end."""
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", "utf-8")

    expected = TOKEN
    assert expected == Settings.read({"TELEGRAM_BOT_TOKEN_FILE": str(path)}).bot_token


def test_a_token_and_a_file() -> None:
    """The variable wins, and the file isn't even opened."""
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BOT_TOKEN_FILE": "/nowhere"}

    expected = TOKEN
    assert expected == Settings.read(given).bot_token


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(None, "FileNotFoundError"), (b"\xff\xfe", "UnicodeDecodeError")],
    ids=["missing", "not text"],
)
def test_a_token_file_that_cannot_be_read(tmp_path: Path, raw: bytes | None, reason: str) -> None:
    """A token file that can't be read is an error that says why."""
    path = tmp_path / "token"
    if raw is not None:
        path.write_bytes(raw)

    with pytest.raises(SettingsError, match=f"^TELEGRAM_BOT_TOKEN_FILE can't be read: {reason}$"):
        _ = Settings.read({"TELEGRAM_BOT_TOKEN_FILE": str(path)}).bot_token


def test_no_token() -> None:
    """Without a token the token is empty."""
    assert not Settings.read({}).bot_token


def test_a_token_is_not_shown() -> None:
    """The token isn't in the settings' repr."""
    assert TOKEN not in repr(Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN}))


def test_the_knowledge_that_ships() -> None:
    """Without KNOWLEDGE_DIR the repository's folder is read."""
    expected = REPOSITORY / "knowledge"
    assert expected == Settings.read({}).knowledge_dir


def test_another_knowledge_folder() -> None:
    """KNOWLEDGE_DIR names another folder."""
    expected = Path("elsewhere")
    assert expected == Settings.read({"KNOWLEDGE_DIR": "elsewhere"}).knowledge_dir


def test_a_cache_folder() -> None:
    """CACHE_DIR names the cache's folder."""
    expected = Path("elsewhere")
    assert expected == Settings.read({"CACHE_DIR": "elsewhere"}).cache_dir


def test_a_data_folder() -> None:
    """DATA_DIR names the database's folder."""
    expected = Path("elsewhere")
    assert expected == Settings.read({"DATA_DIR": "elsewhere"}).data_dir


def test_the_data_folder_without_a_setting() -> None:
    """Without DATA_DIR the database lies beside the program."""
    expected = REPOSITORY / ".data"
    assert expected == Settings.read({}).data_dir


def test_the_user_s_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without CACHE_DIR the cache lies in the user's cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    expected = tmp_path / "guidebot"
    assert expected == Settings.read({}).cache_dir


def test_the_process_s_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an argument the process's own environment is read."""
    monkeypatch.setenv("LOG_FORMAT", "json")

    expected = "json"
    assert expected == Settings.read().log_format
