"""Profiles in memory."""

from dataclasses import replace
from typing import Unpack

from bot.conversation.ports import Clock
from bot.conversation.records import CheckpointAnswer, Profile, ProfileChanges
from bot.stores.memory.tables import ProfileRow, Tables


class MemoryProfileStore:
    """A ProfileStore that forgets when the process ends."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        """Keep profiles in `tables`."""
        self._profiles = tables.profiles
        self._clock = clock

    async def all(self, person: str) -> Profile:
        """Return everything that is known of `person`."""
        return self._profiles[person].profile if person in self._profiles else Profile()

    async def set(self, person: str, **changes: Unpack[ProfileChanges]) -> None:
        """Change these settings and leave the others."""
        await self._keep(person, replace(await self.all(person), **changes))

    async def answer(self, person: str, question: str, answer: CheckpointAnswer) -> None:
        """Keep the answer to a checkpoint's question."""
        profile = await self.all(person)
        await self._keep(person, replace(profile, answers={**profile.answers, question: answer}))

    async def clear(self, person: str) -> None:
        """Forget all settings and answers of `person`."""
        self._profiles.pop(person, None)

    async def _keep(self, person: str, profile: Profile) -> None:
        """Keep `profile` as used today."""
        self._profiles[person] = ProfileRow(profile, self._clock().date())
