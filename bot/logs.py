"""Logging for operators: text or JSON lines on stderr, with secrets blotted out."""

import json
import logging
import sys
from datetime import UTC, datetime

from bot.settings import Settings

_LEVELS = {
    "httpx": logging.WARNING,  # at INFO it logs addresses, which hold the token
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
    "sqlalchemy": logging.WARNING,  # at INFO it logs statements with all that is kept
    "alembic": logging.WARNING,
    "telegram": logging.CRITICAL,  # its errors reach us, and we log them without anybody's words
}


class Redacting(logging.Formatter):
    """Formats a record as text or JSON; a secret never gets out, whoever logged it."""

    def __init__(self, secrets: tuple[str, ...], *, as_json: bool) -> None:
        """Blot out each of `secrets` in everything that is formatted."""
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        line = super().format(record)
        if self._as_json:
            moment = datetime.fromtimestamp(record.created, UTC).isoformat()
            fields = {
                "time": moment,
                "level": record.levelname,
                "logger": record.name,
                "message": record.getMessage(),
            }
            if record.exc_info:
                fields["error"] = self.formatException(record.exc_info)
            line = json.dumps(fields)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def set_up_logging(settings: Settings) -> None:
    """Log to stderr as `settings` say; libraries only what is grave."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        Redacting((settings.bot_token,), as_json=settings.log_format.lower() == "json")
    )
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(level)
