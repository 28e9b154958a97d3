"""Keeps what a conversation leaves behind: the one way from every channel to the stores."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple, assert_never

from bot.conversation.dialogue import Outcome
from bot.conversation.effects import (
    Cast,
    Change,
    Clear,
    Effect,
    Export,
    Forget,
    Missed,
    Remember,
)
from bot.conversation.model import Session
from bot.conversation.ports import Clock, Memory
from bot.conversation.records import NOBODY, CheckpointAnswer, Count, Miss, Profile, Speaker
from bot.conversation.tally import ASKED, TOOK, TOPIC, VOTE, bucket
from bot.errors import StoreError

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time that it is."""
    return datetime.now(UTC)


class Recalled(NamedTuple):
    """What is known when a message comes in."""

    session: Session = Session()
    profile: Profile = NOBODY


class Keeper:
    """Recalls a conversation, does what its outcome says, and keeps it."""

    def __init__(self, memory: Memory, clock: Clock = utc_now) -> None:
        """Keep things in `memory`; `clock` tells when something was said."""
        self.memory = memory
        self.clock = clock

    async def recall(self, speaker: Speaker, language: str = "") -> Recalled:
        """Return what is remembered. An answer needs no memory, so it doesn't wait for one.

        `language` is what the channel knows of the person's, if they didn't set one themselves.

        What a person said about themselves stays out of chats that others read, and so do the
        checkpoints.
        """
        try:
            session = await self.memory.sessions.load(speaker)
            profile = await self.profile(speaker.person, language)
        except StoreError as error:
            log.warning("a conversation is not remembered: %s", error)
            return Recalled(profile=replace(NOBODY, language=language))
        if _is_private(speaker):
            return Recalled(session, profile)
        return Recalled(_without_step(session), replace(profile, answers={}))

    async def profile(self, person: str, language: str = "") -> Profile:
        """Return what is known of a person; `language` holds if they didn't set one themselves.

        Raises StoreError if it can't be looked up.
        """
        profile = await self.memory.profiles.all(person)
        return replace(profile, language=profile.language or language)

    async def settle(self, speaker: Speaker, outcome: Outcome) -> str:
        """Do what the reply promises; return the person's data as JSON if they asked for it.

        Raises StoreError if that can't be done now: then the reply would not be true.
        """
        document = ""
        for effect in outcome.effects:
            document = await self._settled(speaker, effect) or document
        return document

    async def keep(self, speaker: Speaker, session: Session) -> None:
        """Keep the session; an empty one needs no room."""
        session = session if _is_private(speaker) else _without_step(session)
        try:
            if session == Session():
                await self.memory.sessions.forget(speaker)
            else:
                await self.memory.sessions.save(speaker, session)
        except StoreError as error:
            log.warning("a conversation is not kept: %s", error)

    async def count(self, outcome: Outcome) -> None:
        """Count a question that was answered, for its day; nobody can see who asked it."""
        if outcome.took is None:
            return
        day, reply = self.clock().date(), outcome.reply
        counts = [
            Count(day, ASKED, reply.decision, 1),
            Count(day, TOOK, bucket(outcome.took), 1),
        ]
        if reply.decision in ("answer", "refer"):
            counts += [Count(day, TOPIC, topic, 1) for topic in reply.topics]
        await self._add(*counts)

    async def _settled(self, speaker: Speaker, effect: Effect) -> str:
        """Do one thing; return the document that it leads to, if any."""
        memory, person = self.memory, speaker.person
        match effect:
            case Remember(question, option):
                answer = CheckpointAnswer(option, self.clock())
                await memory.profiles.answer(person, question, answer)
            case Change(changes):
                await memory.profiles.set(person, **changes)
            case Clear():
                await memory.profiles.clear(person)
            case Forget():
                await memory.people.forget(person)
            case Export():
                return json.dumps(await memory.people.export(person), indent=2, ensure_ascii=False)
            case Cast(entry, vote):
                await memory.votes.vote(person, entry, vote)
                if not vote.reason:  # which is told later, of a vote that was counted already
                    await self._add(Count(self.clock().date(), VOTE, str(vote.value), 1))
            case Missed():
                await self._note(effect)
            case _:
                assert_never(effect)
        return ""

    async def _add(self, *counts: Count) -> None:
        """Add to counters; nothing was promised, so it may fail."""
        try:
            await self.memory.counters.add_all(counts)
        except StoreError as error:
            log.warning("something is not counted: %s", error)

    async def _note(self, missed: Missed) -> None:
        """Keep a question in vain; nothing was promised, so it may fail."""
        try:
            await self.memory.misses.add(Miss(missed.text, missed.kind, self.clock(), *missed[2:]))
        except StoreError as error:
            log.warning("a question in vain is not kept: %s", error)


def _is_private(speaker: Speaker) -> bool:
    """Say whether nobody else reads along: a private chat has its person's name."""
    return speaker.person == speaker.chat


def _without_step(session: Session) -> Session:
    """Return `session` without a place in the checkpoints."""
    return replace(session, step="", paused=False)
