"""Recognises a follow-up on the last answer: "why?", "source?", "show me", "and for beginners?"."""

from bot.conversation.model import View
from bot.knowledge.voice import FollowUps
from bot.text import normalise

_MOST_WORDS_ALONE = 3
_MOST_WORDS = 8


class FollowUpReader:
    """Reads short messages that only make sense after an answer."""

    def __init__(self, said: FollowUps) -> None:
        """Take what people say from voice.yaml."""
        named: tuple[tuple[View, tuple[str, ...]], ...] = (
            ("why", said.why),
            ("more", said.more),
            ("sources", said.sources),
            ("figure", said.figure),
        )
        self._views = {normalise(text): view for view, texts in named for text in texts}
        self._about = sorted((normalise(text) for text in said.about), key=len, reverse=True)

    def view(self, text: str) -> View | None:
        """Return the view of the last answer that `text` asks for, if it asks for one."""
        return self._views.get(normalise(text))

    def about(self, text: str) -> str:
        """Return what a follow-up is about ("and for beginners?" -> "beginners"), or nothing.

        A very short message without such a beginning counts as a follow-up too.
        """
        said = normalise(text)
        count = len(said.split())
        if not 0 < count <= _MOST_WORDS:
            return ""
        for start in self._about:
            if said.startswith(f"{start} "):
                return said.removeprefix(f"{start} ")
        return said if count <= _MOST_WORDS_ALONE else ""
