"""A page -> the files of a guide whose entries are all drafts: pure but for today's date."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import yaml

from bot.drafting.blocks import Page
from bot.drafting.drafting import Drafter
from bot.drafting.names import LONGEST, free, slug, title_of
from bot.drafting.outline import outline
from bot.drafting.references import References
from bot.drafting.scaffold import scaffold
from bot.drafting.wording import wording
from bot.knowledge.base import GUIDE, Source
from bot.knowledge.citations import figures, without_citations
from bot.text import sentences

_WIDTH = 110
_FOLDED = 100
_FROM_TEMPLATE = ("words.yaml", "outside.yaml", "questions.yaml")
_DRAFTS = (
    "# Drafts, made from the page by `python run_bot.py import`: "
    "an entry with a `todo` never goes live.\n"
)


class _Dumper(yaml.SafeDumper):
    """Writes long texts folded, as authors do."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Return the node of a text."""
    style = ">" if len(text) > _FOLDED else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def imported(
    page: Page, guide: str, known: Mapping[str, Source], shared: Collection[str], today: date
) -> dict[str, str]:
    """Return the files of a new guide by their path in its folder, and its labelled questions.

    `known` are sources of other guides, to which the page's references are matched; `shared` are
    ids that no entry may take.
    """
    whole = outline(page)
    references = References(known)
    references.add(whole.references)
    drafter, sections = Drafter(references, {*shared, GUIDE}), []
    files, names, every = {}, set[str](), list[dict[str, Any]]()
    for part in whole.parts:
        name = free(slug(part.title), names)
        drafts = drafter.drafts(part)
        every += drafts
        topics = [draft["id"] for draft in drafts if "parent" not in draft]
        sections.append({"id": name, "title": part.title[:LONGEST].strip(), "topics": topics})
        files[f"answers/{name}.yaml"] = _DRAFTS + dumped({"entries": drafts})
    featured = [topic for section in sections for topic in section["topics"]][:6]
    title = title_of(page.title) or page.title[:LONGEST].strip()
    about = {"title": title, "about": title[:1].lower() + title[1:]}
    files["guide.yaml"] = dumped({**about, "sections": sections, "featured": featured})
    own = _guide(page.title, title, every)
    files["sources.yaml"] = dumped({GUIDE: own, **references.sources()})
    made = scaffold(guide, title, today)
    return {**files, **{name: made[name] for name in _FROM_TEMPLATE}}


def dumped(data: Any) -> str:  # noqa: ANN401 - plain data
    """Return data as YAML that a person goes on with."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _guide(name: str, title: str, drafts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the page as a source: what the drafts say with figures stands in `finding`."""
    said = [
        sentence
        for draft in drafts
        for part in ("answer", "more", "caveat")
        for sentence in sentences(without_citations(draft.get(part, "")))
        if figures(sentence)
    ]
    return {
        "label": title,
        "cite": name if name[-1:] in ".?!" else f"{name}.",
        "finding": list(dict.fromkeys(said)),
        "limits": wording().guide_limits,
        "checked": "seen",
    }
