"""The page's HTML files, filled in; every value is escaped."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.channels.web.requests import LONGEST_SEARCH, MOST_CHARACTERS
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import VOTES

NOTED = VOTES - {"down"}
"""The actions of buttons that lead to a notice only."""


class Templates:
    """The files of templates/, with what all pages say: the bot's name and the guides."""

    def __init__(self, catalogue: Catalogue, *, desk: bool = False) -> None:
        """Take the words from `catalogue`; with `desk`, every page leads to the desk."""
        self._files = Environment(
            loader=PackageLoader("bot.channels.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._files.globals |= {
            "voice": catalogue.knowledge.voice,
            "guides": catalogue.knowledge.guides,
            "primary": catalogue.knowledge.primary,
            "NOTED": NOTED,
            "DESK": desk,
            "MOST_CHARACTERS": MOST_CHARACTERS,
            "LONGEST_SEARCH": LONGEST_SEARCH,
        }

    def response(
        self, name: str, values: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """Return a file filled in with `values`."""
        html = self._files.get_template(name).render(values)
        return HTMLResponse(html.encode("utf-8", "replace"), status)
