"""Composition root: the only module that wires everything."""

from datetime import UTC, datetime

from bot.conversation.dialogue import Dialogue
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.matching.encoder import make_encoder
from bot.matching.index import cached_index, reader_of
from bot.matching.matcher import Matcher
from bot.settings import Settings


def read_knowledge(settings: Settings) -> Knowledge:
    """Return the knowledge that `settings` name. Raises KnowledgeError."""
    return load(settings.knowledge_dir, datetime.now(UTC).date())


def make_matcher(knowledge: Knowledge, settings: Settings) -> Matcher:
    """Return the matcher for `knowledge`; the index is built if it isn't kept. Raises EncoderError."""
    encoder = make_encoder(settings.encoder, settings.semantic_model)
    reader = reader_of(knowledge)
    index = cached_index(knowledge, encoder, reader, settings.cache_dir)
    return Matcher(knowledge, index, encoder, reader)


def make_dialogue(settings: Settings) -> Dialogue:
    """Return the Dialogue that every channel calls. Raises KnowledgeError or EncoderError."""
    knowledge = read_knowledge(settings)
    return Dialogue(knowledge, make_matcher(knowledge, settings))
