"""All settings in one table: environment variable, default, help. The environment is read once."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SettingsError

REPOSITORY = Path(__file__).resolve().parent.parent

_MOST_DAYS = 36500


def _setting(name: str, default: str, text: str) -> str:
    """Declare one setting: its environment variable, its default and its help."""
    value: str = field(
        default=default, metadata={"name": name, "default": default, "help": text}, repr=False
    )
    return value


@dataclass(frozen=True)
class Settings:
    """What an operator can set. Values are strings as read; properties give their typed form."""

    token: str = _setting("TELEGRAM_BOT_TOKEN", "", "the bot's token, from @BotFather")
    token_file: str = _setting(
        "TELEGRAM_BOT_TOKEN_FILE", "", "a file that holds the token, instead of the variable"
    )
    api_url: str = _setting(
        "TELEGRAM_API_URL", "", "another Bot API server, such as http://127.0.0.1:9000"
    )
    webhook: str = _setting(
        "WEBHOOK_URL", "", "where Telegram reaches the bot, such as https://example.org/guide/hook"
    )
    webhook_path: str = _setting(
        "WEBHOOK_PATH", "", "the path at which a proxy hands it on; empty means that of WEBHOOK_URL"
    )
    webhook_replies: str = _setting(
        "WEBHOOK_REPLIES", "request", "request, or body: faster, but nobody learns of a failure"
    )
    knowledge: str = _setting("KNOWLEDGE_DIR", "", "the folder of guides; empty means knowledge/")
    off: str = _setting(
        "GUIDES_OFF", "", "guides that are switched off, by their folders, with commas between"
    )
    cache: str = _setting(
        "CACHE_DIR",
        "",
        "where the fitted index and what was parsed are kept; empty means the user's cache folder",
    )
    database: str = _setting(
        "DATABASE_URL",
        "",
        "memory:, sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; "
        "empty means SQLite in DATA_DIR",
    )
    data: str = _setting("DATA_DIR", "", "the folder of guidebot.db; empty means .data/")
    keep: str = _setting(
        "KEEP_DAYS", "180", "days until what a person left is deleted, if they don't come back"
    )
    keep_misses: str = _setting(
        "KEEP_MISSES_DAYS", "90", "days until a question in vain, kept without a name, is deleted"
    )
    flood: str = _setting(
        "FLOOD_LIMIT", "20", "messages a minute of one person that are answered; 0 answers all"
    )
    encoder: str = _setting(
        "ENCODER", "default", "default, or semantic (MiniLM; needs the extra [semantic])"
    )
    semantic_model: str = _setting(
        "SEMANTIC_MODEL_DIR", "", "a local folder with MiniLM's ONNX model; empty downloads it once"
    )
    admin_token: str = _setting(
        "ADMIN_TOKEN", "", "opens the desk of a page that other machines can reach"
    )
    log_level: str = _setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")
    log_format: str = _setting("LOG_FORMAT", "text", "text or json")

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from `environment` (default: the process's own).

        Raises SettingsError if one has a value that can't be used.
        """
        source = os.environ if environment is None else environment
        given = {
            item.name: source[item.metadata["name"]].strip()
            for item in fields(cls)
            if source.get(item.metadata["name"], "").strip()
        }
        return _checked(cls(**given))

    @property
    def environment(self) -> dict[str, str]:
        """The variables from which another process reads the same settings."""
        return {item.metadata["name"]: getattr(self, item.name) for item in fields(self)}

    @property
    def bot_token(self) -> str:
        """The token, from the variable or the file; empty if neither is set.

        Raises SettingsError if the file can't be read.
        """
        if self.token or not self.token_file:
            return self.token
        try:
            return Path(self.token_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            message = f"TELEGRAM_BOT_TOKEN_FILE can't be read: {type(error).__name__}"
            raise SettingsError(message) from None

    @property
    def webhook_secret(self) -> str:
        """What Telegram shows with each update; the same in every process with the same token."""
        return hmac.new(self.bot_token.encode(), b"webhook", hashlib.sha256).hexdigest()

    @property
    def webhook_route(self) -> str:
        """The path at which updates come in."""
        return self.webhook_path or urlsplit(self.webhook).path or "/"

    @property
    def knowledge_dir(self) -> Path:
        """The folder of guides."""
        return Path(self.knowledge) if self.knowledge else REPOSITORY / "knowledge"

    @property
    def guides_off(self) -> frozenset[str]:
        """The guides that are switched off."""
        return frozenset(filter(None, (name.strip() for name in self.off.split(","))))

    @property
    def cache_dir(self) -> Path:
        """The folder in which the fitted index is kept."""
        if self.cache:
            return Path(self.cache)
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(base) / "guidebot"

    @property
    def data_dir(self) -> Path:
        """The folder of the database."""
        return Path(self.data) if self.data else REPOSITORY / ".data"

    @property
    def keep_for(self) -> timedelta:
        """How long what belongs to a person is kept after its last use."""
        return timedelta(days=int(self.keep))

    @property
    def keep_misses_for(self) -> timedelta:
        """How long questions in vain are kept."""
        return timedelta(days=int(self.keep_misses))

    @property
    def flood_limit(self) -> int:
        """How many messages of one person are answered in a minute; 0 means all."""
        return int(self.flood)


def _checked(settings: Settings) -> Settings:
    """Return `settings`, or raise SettingsError at the first value that isn't a choice."""
    choices = {
        "ENCODER": (settings.encoder, ("default", "semantic")),
        "LOG_LEVEL": (settings.log_level.upper(), ("DEBUG", "INFO", "WARNING", "ERROR")),
        "WEBHOOK_REPLIES": (settings.webhook_replies.lower(), ("request", "body")),
        "LOG_FORMAT": (settings.log_format.lower(), ("text", "json")),
    }
    for name, (value, allowed) in choices.items():
        if value not in allowed:
            message = f"{name} must be one of {', '.join(allowed)}"
            raise SettingsError(message)
    for name, value in {
        "KEEP_DAYS": settings.keep,
        "KEEP_MISSES_DAYS": settings.keep_misses,
    }.items():
        if not (value.isascii() and value.isdigit() and 0 < int(value) <= _MOST_DAYS):
            message = f"{name} must be a whole number of days from 1 to {_MOST_DAYS}"
            raise SettingsError(message)
    if not (settings.flood.isascii() and settings.flood.isdigit()):
        message = "FLOOD_LIMIT must be a whole number"
        raise SettingsError(message)
    return settings


def table() -> list[tuple[str, str, str]]:
    """Return (environment variable, default, help) of every setting, in order."""
    return [
        (item.metadata["name"], item.metadata["default"], item.metadata["help"])
        for item in fields(Settings)
    ]
