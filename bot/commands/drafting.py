"""`new` and `import`: a new guide's files, from templates or from a page."""

import re
from datetime import date
from os.path import relpath
from pathlib import Path

from bot.drafting.importing import imported
from bot.drafting.names import slug
from bot.drafting.pages import read_page
from bot.drafting.scaffold import QUESTIONS, headed, scaffold
from bot.errors import DraftingError, KnowledgeError
from bot.knowledge.base import GUIDES, ID_PATTERN, Source
from bot.knowledge.files import SCHEMAS
from bot.knowledge.loader import load
from bot.settings import Settings

_LONGEST = 24
"""Characters of a guide's id: an entry's id must fit beside it into a button."""


def new_guide(
    settings: Settings, guide: str, title: str, questions: Path, today: date
) -> list[Path]:
    """Write a new guide's files; return them. Raises DraftingError if that can't be."""
    name = title or guide.replace("-", " ").capitalize()
    _check_free(settings, guide, questions)
    return _written(settings, guide, scaffold(guide, name, today), questions)


def import_page(
    settings: Settings, page: Path, guide: str, questions: Path, today: date
) -> list[Path]:
    """Write drafts made from a page as a new guide; return its files. Raises DraftingError."""
    read = read_page(page)
    name = guide or slug(read.title, _LONGEST)
    _check_free(settings, name, questions)
    known, shared = _known(settings, today)
    return _written(settings, name, imported(read, name, known, shared, today), questions)


def _check_free(settings: Settings, guide: str, questions: Path) -> None:
    """Raise DraftingError if no guide can have this name here."""
    folder = settings.knowledge_dir
    if not folder.is_dir():
        message = f"{folder} is no folder: KNOWLEDGE_DIR names the folder of guides"
        raise DraftingError(message)
    if not re.fullmatch(ID_PATTERN, guide) or len(guide) > _LONGEST:
        message = f"'{guide}' can't be a guide's name: small letters, digits and single hyphens, "
        raise DraftingError(message + f"at most {_LONGEST}")
    for path in (folder / guide, questions / f"{guide}.yaml"):
        if path.exists() or guide in (SCHEMAS, GUIDES, "phrasings"):
            message = f"{path} is there already: choose another name"
            raise DraftingError(message)


def _known(settings: Settings, today: date) -> tuple[dict[str, Source], set[str]]:
    """Return the sources of all guides, and the ids of shared entries; none if they are broken."""
    try:
        knowledge = load(settings.knowledge_dir, today)
    except KnowledgeError:
        return {}, set()
    guides = (*knowledge.guides, *knowledge.waiting)
    sources = {key: one for guide in guides for key, one in guide.sources.items() if key != "guide"}
    return sources | knowledge.safety.sources, {entry.id for entry in knowledge.shared}


def _written(settings: Settings, guide: str, files: dict[str, str], questions: Path) -> list[Path]:
    """Write files by their path in the guide's folder; return where they stand now."""
    home, schemas = settings.knowledge_dir / guide, settings.knowledge_dir / SCHEMAS
    paths = []
    for where, text in sorted(files.items()):
        path = questions / f"{guide}.yaml" if where == QUESTIONS else home / where
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            way = relpath(schemas.resolve(), path.parent.resolve())
            path.write_text(headed(where, text, way), "utf-8")
        except OSError as error:
            message = f"{path} can't be written: {error.strerror or type(error).__name__}"
            raise DraftingError(message) from None
        paths.append(path)
    return paths
