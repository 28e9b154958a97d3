"""A proposal -> the changes of files that it means."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.authoring.editing import Edit, edited, flow, flow_map, folded, quoted
from bot.authoring.model import FileChange, NewEntry, NewPhrasings, Proposal
from bot.conversation.catalogue import Catalogue
from bot.errors import AuthoringError
from bot.knowledge.citations import cited_keys
from bot.knowledge.model import Knowledge

READERS = "phrasings/readers.yaml"
"""The voice of those who asked in vain: like every voice, a file of its own."""

_HEAD = "# What readers asked in their own words and in vain, until it was accepted at the desk.\n"
_OUTSIDE = "/outside/"


def changes_for(
    proposal: Proposal, knowledge: Knowledge, folder: Path, today: date
) -> tuple[FileChange, ...]:
    """Return what `proposal` changes in `folder`, which holds `knowledge`.

    Raises AuthoringError if it is about something that isn't there, or a file can't be read.
    """
    if isinstance(proposal, NewPhrasings):
        return (_phrasings(proposal, knowledge, folder),)
    return _entry(proposal, knowledge, folder, today)


def _phrasings(proposal: NewPhrasings, knowledge: Knowledge, folder: Path) -> FileChange:
    """Add texts to the voice of the readers."""
    fields = {field.uid: field for field in knowledge.outside}
    owner = Catalogue(knowledge).entry(proposal.uid) or fields.get(proposal.uid)
    if owner is None:
        message = f"there is no '{proposal.uid}' any more"
        raise AuthoringError(message)
    key = "outside" if _OUTSIDE in proposal.uid else "phrasings"
    path = f"{owner.guide}/{READERS}" if owner.guide else READERS
    return _changed(folder, path, _adding(key, owner.id, proposal.texts), _HEAD)


def _entry(
    proposal: NewEntry, knowledge: Knowledge, folder: Path, today: date
) -> tuple[FileChange, ...]:
    """Add an entry to the file of its topic's section, and its texts to the readers' voice."""
    guide = Catalogue(knowledge).guide(proposal.guide)
    sections = (part for part in guide.file.sections if proposal.topic in part.topics)
    section = next(sections, None)
    if section is None or guide.id != proposal.guide:
        message = f"the guide has no topic '{proposal.topic}'"
        raise AuthoringError(message)
    answers = f"{guide.id}/answers/{section.id}.yaml"
    path = answers if (folder / answers).is_file() else f"{guide.id}/{section.id}.yaml"

    def add(document: CommentedMap) -> None:
        document.setdefault("entries", CommentedSeq()).append(_written(proposal, today))

    texts = _adding("phrasings", proposal.id, proposal.texts)
    return (
        _changed(folder, path, add),
        _changed(folder, f"{guide.id}/{READERS}", texts, _HEAD),
    )


def _adding(key: str, topic: str, texts: Sequence[str]) -> Edit:
    """Return what adds `texts` to the list of a topic."""

    def add(document: CommentedMap) -> None:
        topics = document.get(key)
        if topics is None:
            topics = document[key] = CommentedMap()
        listed = topics.get(topic)
        if listed is None:
            listed = topics[topic] = CommentedSeq()
        listed.extend(quoted(text) for text in texts if text not in listed)

    return add


def _written(new: NewEntry, today: date) -> CommentedMap:
    """Return an entry as it stands in a file."""
    cited = cited_keys(f"{new.answer} {new.caveat}")
    options = [flow_map(label=quoted(option.label), opens=option.opens) for option in new.options]
    return CommentedMap(
        id=new.id,
        ask=quoted(new.ask),
        title=quoted(new.title),
        scope="guide" if "guide" in cited else "beyond-guide",
        parent=new.topic,
        answer=folded(new.answer),
        caveat=folded(new.caveat),
        grade=new.grade,
        basis=quoted(new.basis),
        would_change=quoted(new.would_change),
        sources=flow(cited),
        checkpoint=CommentedMap(question=quoted(new.question), options=CommentedSeq(options)),
        related=flow([new.topic]),
        reviewed=today,
    )


def _changed(folder: Path, path: str, edit: Edit, head: str = "") -> FileChange:
    """Return the change of one file; a new one begins with `head`."""
    before = read(folder / path)
    return FileChange(path, before, edited(before or head, edit))


def read(path: Path) -> str:
    """Return a file's text, empty if there is none. Raises AuthoringError if it can't be read."""
    try:
        return path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path.name} can't be read: {type(error).__name__}"
        raise AuthoringError(message) from None
