"""Recognises a follow-up on the last answer: "why?", "source?", "show me", "and for beginners?"."""

from bot.conversation.model import View
from bot.knowledge.voice import FollowUps
from bot.text import normalise

_MOST_WORDS_ALONE = 3
_MOST_WORDS = 8
_MOST_AROUND = 3
_MOST_WORDS_JOINED = 14
_JOINS = frozenset(
    {"so", "or", "and", "because", "cos", "bc", "cause", "if", "then", "though", "tho"}
)


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
        bare: dict[str, View] = {normalise(text): "more" for text in said.bare}
        self._alone = bare | self._views
        longer = [(asked, view) for asked, view in self._views.items() if " " in asked]
        self._longer = sorted(longer, key=lambda each: -len(each[0]))
        self._goes_on = tuple(normalise(text) for text in (*said.goes_on, *said.about))
        self._about = sorted((normalise(text) for text in said.about), key=len, reverse=True)

    def view(self, text: str) -> View | None:
        """Return the view of the last answer that `text` asks for, if it asks for one.

        A few words may stand around what asks for it: "really? why", "how sure are you of that";
        more of them after a word that joins: "whats your proof so i can show him".
        """
        said = normalise(text)
        if said in self._alone:
            return self._alone[said]
        tokens = said.split()
        if len(tokens) <= _MOST_WORDS_ALONE and tokens[-1:] and tokens[-1] in self._views:
            return self._views[tokens[-1]]
        around = f" {said} "
        found = (
            view
            for asked, view in self._longer
            if f" {asked} " in around and _holds(tokens, asked.split())
        )
        return next(found, None)

    def goes_on(self, text: str) -> bool:
        """Say whether a message begins as if it went on with what was said before."""
        said = normalise(text)
        return any(said.startswith(f"{start} ") for start in self._goes_on)

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


def _holds(tokens: list[str], asked: list[str]) -> bool:
    """Say whether the words of a message are those `asked` with little around them."""
    size = len(asked)
    for at in range(len(tokens) - size + 1):
        if tokens[at : at + size] == asked:
            after = tokens[at + size :]
            few = len(tokens) <= size + _MOST_AROUND
            joined = at <= _MOST_AROUND and after[:1] and after[0] in _JOINS
            if few or (joined and len(tokens) <= _MOST_WORDS_JOINED):
                return True
    return False
