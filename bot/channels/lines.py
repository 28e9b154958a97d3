"""Questions and replies as lines: what `ask` prints, for people and for machines."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, NamedTuple

from bot.channels.keeper import Keeper
from bot.conversation.catalogue import Catalogue
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Button, Question, Reply, Session
from bot.conversation.records import Speaker

NEW_PERSON = "---"


def answer_lines(
    dialogue: Dialogue,
    questions: Iterable[str],
    *,
    guide: str = "",
    keeper: Keeper | None = None,
) -> Iterator[str]:
    """Yield one line of JSON for each question, in order."""
    for question, reply, _ in replies(dialogue, questions, guide=guide, keeper=keeper):
        yield json.dumps(as_object(dialogue.catalogue, question, reply))


class Answered(NamedTuple):
    """A question, the reply to it, and the person's data if they asked for it."""

    question: str
    reply: Reply
    document: str = ""


def replies(
    dialogue: Dialogue, questions: Iterable[str], *, guide: str = "", keeper: Keeper | None = None
) -> Iterator[Answered]:
    """Yield the reply to each question, in order.

    With a `keeper`, the questions are one person's conversation, and ``---`` begins another's.
    """
    if keeper is None:
        for question in questions:
            yield Answered(question, dialogue.respond(Question(question, guide), Session()).reply)
        return
    person = count(1)
    speaker = _person(next(person))
    with asyncio.Runner() as runner:
        for question in questions:
            if question == NEW_PERSON:
                speaker = _person(next(person))
                continue
            yield runner.run(_answered(dialogue, Question(question, guide), speaker, keeper))


async def _answered(
    dialogue: Dialogue, question: Question, speaker: Speaker, keeper: Keeper
) -> Answered:
    """Answer one question, and keep what it leaves behind."""
    session, profile = await keeper.recall(speaker)
    outcome = dialogue.respond(question, session, profile)
    document = await keeper.settle(speaker, outcome)
    await keeper.keep(speaker, outcome.session)
    return Answered(question.text, outcome.reply, document)


def _person(number: int) -> Speaker:
    """Return one of the people who speak, one after the other."""
    return Speaker(f"lines:{number}", f"lines:{number}")


def as_object(catalogue: Catalogue, question: str, reply: Reply) -> dict[str, Any]:
    """Return a reply as the object that others rely on.

    It has the same fields whatever the reply; a picture is one more button, which opens its file.
    """
    entries = [catalogue.entry(uid) for uid in reply.topics]
    match = reply.match
    return {
        "question": question,
        "decision": reply.decision,
        "topics": [catalogue.public(uid) for uid in reply.topics],
        "parents": {
            catalogue.public(entry.uid): entry.parent
            for entry in entries
            if entry is not None and entry.parent
        },
        "confidence": round(reply.confidence, 4),
        "text": reply.text,
        "html": reply.html,
        "citations": [citation._asdict() for citation in reply.citations],
        "buttons": [
            *(
                {"label": button.label, "opens": _opens(catalogue, button)}
                for button in reply.buttons
            ),
            *_picture(catalogue, reply),
        ],
        "matched": {
            "phrase": match.phrase if match else "",
            "score": round(match.score, 4) if match else 0.0,
            "runner_up": catalogue.public(match.runner_up) if match else "",
            "margin": round(match.margin, 4) if match else 0.0,
        },
    }


def exported(catalogue: Catalogue, guide: str = "") -> dict[str, Any]:
    """Return everything that the matcher learns from, templates expanded."""
    knowledge = catalogue.knowledge
    entries = [entry for entry in knowledge.entries if guide in ("", entry.guide or guide)]
    groups = [group for group in knowledge.outside if guide in ("", group.guide)]
    return {
        "topics": [
            {
                "id": catalogue.public(entry.uid),
                "parent": entry.parent,
                "title": entry.title,
                "phrasings": [phrase.text for phrase in entry.phrases],
                "answer": entry.answer,
                "citations": list(entry.sources),
            }
            for entry in entries
        ],
        "out_of_scope": [phrase.text for group in groups for phrase in group.phrases],
    }


def _picture(catalogue: Catalogue, reply: Reply) -> Iterator[dict[str, str]]:
    """Yield the button that opens a reply's picture, if it has one."""
    if reply.picture is not None:
        label = catalogue.knowledge.voice.labels.figure
        yield {"label": label, "opens": reply.picture.path.resolve().as_uri()}


def _opens(catalogue: Catalogue, button: Button) -> str:
    """Return what a button opens, by its public name."""
    return str(button.opens._replace(name=catalogue.public(button.opens.name)))
