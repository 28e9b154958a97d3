"""The fitted index, kept or built, and the rankings that come of it, on two small guides."""

from collections.abc import Callable
from dataclasses import astuple
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.base import Origin, Phrase
from bot.knowledge.model import Entry, Guide, GuideFile, Knowledge, Outside, Section, Words
from bot.matching.encoder import Encoder, make_encoder
from bot.matching.index import SearchIndex, build_index, lesson_of
from bot.matching.labelled import Labelled, reader_of
from bot.matching.matcher import Matcher, Ranking
from bot.matching.reading import Reader
from bot.matching.sampling import Room
from bot.matching.shelf import cached_index

ORIGIN = Origin("", 1, {})
ASKED = {
    "tea": {
        "steep": ("how long do I steep it", "steeping time", "minutes for green tea"),
        "water": ("how hot is the water", "water temperature", "do I boil it"),
        "leaves": ("how many leaves", "spoons of tea a pot", "amount of tea"),
    },
    "chess": {
        "knight": ("how does the knight move", "knight moves", "where can a horse go"),
        "castle": ("when can I castle", "castling rules", "king and rook swap"),
        "mate": ("what is checkmate", "how do I win", "when is the king lost"),
    },
}
FAR = ("who won the football", "what is the weather", "tell me a joke")
THANKS = ("thanks a lot", "that helps", "great answer")
VOICES = ("one", "two", "three")


def phrases(texts: tuple[str, ...]) -> tuple[Phrase, ...]:
    """Return phrasings, each in another voice."""
    return tuple(Phrase(text, voice, "", 1) for text, voice in zip(texts, VOICES, strict=False))


def entry(topic: str, texts: tuple[str, ...], guide: str, section: str) -> Entry:
    """Return an entry that is asked for with `texts`."""
    return Entry(
        id=topic,
        ask=topic,
        title=topic,
        scope="guide" if guide else "talk",
        answer=f"All about {topic}.",
        reviewed=date(2026, 1, 1),
        guide=guide,
        section=section,
        phrases=phrases(texts),
    )


def guide(name: str) -> Guide:
    """Return the small guide called `name`, with one outside field."""
    section = Section(id="all", title="All", topics=tuple(ASKED[name]))
    return Guide(
        id=name,
        file=GuideFile(title=name, about=name, primary=name == "tea", sections=(section,)),
        origin=ORIGIN,
        entries=tuple(entry(topic, said, name, "all") for topic, said in ASKED[name].items()),
        sources={},
        words=Words(fillers=("please",)),
        outside=(
            Outside(
                id="far",
                about="that",
                nearest=(next(iter(ASKED[name])),),
                guide=name,
                phrases=phrases(FAR),
            ),
        ),
    )


@pytest.fixture(scope="module")
def small(knowledge: Knowledge) -> Knowledge:
    """Return two small guides with the words that the bot ships."""
    return Knowledge(
        guides=tuple(guide(name) for name in ASKED),
        shared=(entry("thanks", THANKS, "", "talk"),),
        voice=knowledge.voice,
        safety=knowledge.safety,
        version="small",
    )


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Return the default encoder."""
    return make_encoder("default")


@pytest.fixture(scope="module")
def reader(small: Knowledge) -> Reader:
    """Return the Reader of the small guides."""
    return reader_of(small)


@pytest.fixture(scope="module")
def index(small: Knowledge, encoder: Encoder, reader: Reader) -> SearchIndex:
    """Return the index of the small guides, built."""
    return build_index(small, encoder, reader)


@pytest.fixture(scope="module")
def keep(small: Knowledge, encoder: Encoder, reader: Reader) -> Callable[[Path], SearchIndex]:
    """Return what reads the index of the small guides from a folder, or builds and keeps it."""
    return partial(cached_index, small, encoder, reader)


@pytest.fixture(scope="module")
def matcher(small: Knowledge, index: SearchIndex, encoder: Encoder, reader: Reader) -> Matcher:
    """Return the matcher of the small guides."""
    return Matcher(small, index, encoder, reader)


def assert_same(expected: SearchIndex, found: SearchIndex) -> None:
    """Assert that two indexes hold the same."""
    assert (expected.weights, expected.calibration) == (found.weights, found.calibration)
    assert expected.wording.terms == found.wording.terms
    for name in expected.vectors._fields:
        assert np.array_equal(getattr(expected.vectors, name), getattr(found.vectors, name)), name
    for name, part in expected.coefficients._asdict().items():
        assert np.array_equal(part, getattr(found.coefficients, name)), name


def kept_file(folder: Path) -> Path:
    """Return the only index in a cache folder."""
    (path,) = folder.glob("index-*")
    return path


def test_a_built_index_is_kept(
    keep: Callable[[Path], SearchIndex], index: SearchIndex, tmp_path: Path
) -> None:
    """With an empty cache the index is built, and one file is left behind."""
    assert_same(index, keep(tmp_path / "new" / "folder"))
    assert kept_file(tmp_path / "new" / "folder").suffix == ".npz"


def test_a_kept_index_equals_a_built_one(
    keep: Callable[[Path], SearchIndex], index: SearchIndex, tmp_path: Path
) -> None:
    """Reading the kept file gives exactly what building gives."""
    keep(tmp_path)
    assert_same(index, keep(tmp_path))


def test_a_kept_index_is_not_written_again(
    keep: Callable[[Path], SearchIndex], tmp_path: Path
) -> None:
    """A file that fits is read and left as it is."""
    keep(tmp_path)
    before = kept_file(tmp_path).stat().st_mtime_ns
    keep(tmp_path)
    assert before == kept_file(tmp_path).stat().st_mtime_ns


BROKEN = {
    "empty": b"",
    "garbage": b"this is no archive",
    "cut off": b"PK\x03\x04 and then nothing",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_corrupt_file_is_built_again(
    keep: Callable[[Path], SearchIndex], index: SearchIndex, tmp_path: Path, content: bytes
) -> None:
    """A kept file that can't be read is replaced by one that can."""
    keep(tmp_path)
    kept_file(tmp_path).write_bytes(content)
    assert_same(index, keep(tmp_path))
    assert len(content) < kept_file(tmp_path).stat().st_size


def test_half_a_file_is_built_again(
    keep: Callable[[Path], SearchIndex], index: SearchIndex, tmp_path: Path
) -> None:
    """A kept file that lost its second half only costs the time to build."""
    keep(tmp_path)
    path = kept_file(tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert_same(index, keep(tmp_path))


def test_another_archive_is_built_again(
    keep: Callable[[Path], SearchIndex], index: SearchIndex, tmp_path: Path
) -> None:
    """An archive without the arrays of an index is no index."""
    keep(tmp_path)
    np.savez(kept_file(tmp_path), other=np.zeros(3))
    assert_same(index, keep(tmp_path))


def test_an_unwritable_cache_is_no_error(
    keep: Callable[[Path], SearchIndex], index: SearchIndex, tmp_path: Path
) -> None:
    """Where no folder can be made, the index is built and simply not kept."""
    (tmp_path / "file").write_text("in the way")
    assert_same(index, keep(tmp_path / "file"))


def without_phrase(small: Knowledge) -> Knowledge:
    """Return the small guides with one phrasing less."""
    first, *others = small.guides
    steep, *more = first.entries
    less = steep.model_copy(update={"phrases": steep.phrases[1:]})
    guide = first.model_copy(update={"entries": (less, *more)})
    return small.model_copy(update={"guides": (guide, *others)})


def test_other_phrasings_have_their_own_file(
    small: Knowledge, encoder: Encoder, reader: Reader, tmp_path: Path
) -> None:
    """Knowledge with other phrasings never reads the old one's index."""
    for knowledge in (small, without_phrase(small)):
        cached_index(knowledge, encoder, reader, tmp_path)
    assert len(list(tmp_path.glob("index-*"))) == 2


def test_other_answers_need_no_new_fit(
    small: Knowledge, encoder: Encoder, reader: Reader, tmp_path: Path
) -> None:
    """What is not learned from, such as an answer, may change without a new fit."""
    for version in ("old", "new"):
        renamed = small.model_copy(update={"version": version})
        cached_index(renamed, encoder, reader, tmp_path)
    assert len(list(tmp_path.glob("index-*"))) == 1


def test_what_fits_into_the_room_is_not_sampled(
    small: Knowledge, encoder: Encoder, reader: Reader, index: SearchIndex
) -> None:
    """With as many phrasings as all are fitted to, nothing changes."""
    room = Room(many=len(index.learned.phrases), most=1)
    assert_same(index, build_index(small, encoder, reader, room=room))


def test_phrasings_left_out_of_a_sample_are_found(
    small: Knowledge, encoder: Encoder, reader: Reader
) -> None:
    """Every phrasing is the nearest to itself, fitted to or not."""
    index = build_index(small, encoder, reader, room=Room(many=9, most=9))
    matcher = Matcher(small, index, encoder, reader)
    texts = [phrase.text for phrase in index.learned.phrases]
    nearest = [matcher.evidence(text).nearest.cosines.max() for text in texts]
    assert nearest == pytest.approx([1.0] * len(texts), abs=0.01)


def test_a_sample_is_what_is_heard(small: Knowledge, encoder: Encoder, reader: Reader) -> None:
    """A lesson of a sample has the terms and vectors of its phrasings, the same number of each."""
    lesson = lesson_of(small, encoder, reader, room=Room(many=9, most=9))
    assert len(lesson.heard.phrases) == len(lesson.material.rows) == len(lesson.material.vectors)
    assert len(lesson.heard.phrases) < len(lesson.learned.phrases) == len(lesson.vectors)


def test_labels_are_entries_then_outside_fields(small: Knowledge) -> None:
    """What is learned are all entries and outside fields, by uid, in order."""
    entries = [entry.uid for entry in small.entries]
    outside = [field.uid for field in small.outside]
    assert [*entries, *outside] == [*Labelled.of(small).labels]


def test_only_outside_fields_are_outside(small: Knowledge) -> None:
    """The mask of what no guide covers marks the outside fields and nothing else."""
    expected = [False] * len(small.entries) + [True] * len(small.outside)
    assert expected == Labelled.of(small).outside_mask.tolist()


def test_voices_are_held_out_together(small: Knowledge) -> None:
    """With several voices, a voice is in one fold."""
    learned = Labelled.of(small)
    pairs = {(each.voice, fold) for each, fold in zip(learned.phrases, learned.folds, strict=True)}
    assert len(VOICES) == len(pairs)


def test_every_phrasing_finds_its_entry(small: Knowledge, matcher: Matcher) -> None:
    """A question that is a phrasing of an entry ranks this entry first."""
    wrong = [
        phrase.text
        for each in small.entries
        for phrase in each.phrases
        if matcher.rank(phrase.text).candidates[0].entry.uid != each.uid
    ]
    assert wrong == []


def test_a_candidate_shows_its_nearest_phrasing(matcher: Matcher) -> None:
    """The evidence for an entry is its phrasing most like the question, with its similarity."""
    first = matcher.rank("How hot is the water, please?").candidates[0]
    assert first.phrase == "how hot is the water"
    assert first.score == pytest.approx(1, abs=1e-3)


def test_candidates_fall_in_probability(matcher: Matcher) -> None:
    """Candidates come likeliest first."""
    chances = [one.probability for one in matcher.rank("how long and how hot").candidates]
    assert sorted(chances, reverse=True) == chances


def test_outside_fields_are_no_candidates(matcher: Matcher) -> None:
    """What no guide covers has its own probability and is never offered."""
    ranking = matcher.rank("what is the weather")
    assert ranking.outside is not None
    assert ranking.outside_mass > ranking.candidates[0].probability


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("asked", ["how does the knight move", "how hot is the water"])
def test_a_guide_restricts_the_first_candidate(matcher: Matcher, name: str, asked: str) -> None:
    """With a guide named, the first candidate is this guide's or one that all guides share."""
    assert matcher.rank(asked, name).candidates[0].entry.guide in ("", name)


@pytest.mark.parametrize("name", ASKED)
def test_a_guide_restricts_every_candidate(matcher: Matcher, name: str) -> None:
    """With a guide named, no entry of another guide is a candidate at all."""
    ranking = matcher.rank("how does the knight move", name)
    assert {one.entry.guide for one in ranking.candidates} <= {"", name}


@pytest.mark.parametrize("name", ASKED)
def test_a_guide_restricts_the_outside_field(matcher: Matcher, name: str) -> None:
    """With a guide named, only its own outside fields are considered."""
    outside = matcher.rank("what is the weather", name).outside
    assert outside is not None
    assert name == outside.guide


def test_ranking_is_deterministic(
    small: Knowledge, encoder: Encoder, reader: Reader, matcher: Matcher
) -> None:
    """The same knowledge and question give the same ranking, from an index built again."""
    again = Matcher(small, build_index(small, encoder, reader), encoder, reader)
    questions = ["how hot", "", "\N{PEACH}", "horse", "how do I win at tea"]
    assert [*map(matcher.rank, questions)] == [*map(again.rank, questions)]


def test_one_question_does_not_change_the_next(matcher: Matcher) -> None:
    """A ranking depends on its own question only."""
    before = matcher.rank("how hot is it")
    matcher.rank("when can I castle " * 50)
    assert before == matcher.rank("how hot is it")


def mass(ranking: Ranking) -> float:
    """Return the probability of all candidates and of what is outside."""
    return sum(one.probability for one in ranking.candidates) + ranking.outside_mass


@pytest.mark.parametrize("asked", ["", "horse", "\N{PEACH}\N{PEACH}", "x" * 10_000, "как"])
def test_probabilities_are_of_the_whole(matcher: Matcher, asked: str) -> None:
    """Candidates and outside together never hold more than everything."""
    assert mass(matcher.rank(asked)) <= 1 + 1e-9


def test_the_margin_is_the_lead(matcher: Matcher) -> None:
    """The margin is how far the first candidate's probability is ahead of the second's."""
    ranking = matcher.rank("how hot is the water")
    first, second = ranking.candidates[:2]
    assert first.probability - second.probability == pytest.approx(ranking.margin)


def test_the_calibration_is_the_indexs(matcher: Matcher, index: SearchIndex) -> None:
    """Thresholds come with the index, not from the code."""
    assert astuple(index.calibration) == astuple(matcher.calibration)


def test_a_phrasing_is_like_itself(matcher: Matcher) -> None:
    """A question that is a phrasing has its meaning and its spelling."""
    asked = "how long do I steep it"
    likeness = matcher.likeness(matcher.reader.read(asked), asked)
    assert likeness == pytest.approx((1.0, 1.0), abs=1e-5)


def test_a_score_is_the_cosine_of_the_likeness(matcher: Matcher) -> None:
    """A candidate's score is the cosine of the question and its phrasing, in half precision."""
    ranking = matcher.rank("how many minutes do I steep green tea")
    first = ranking.candidates[0]
    likeness = matcher.likeness(ranking.reading, first.phrase)
    assert likeness.cosine == pytest.approx(first.score, abs=1e-4)


def test_telling_terms_are_of_the_question(matcher: Matcher) -> None:
    """What speaks for an entry are terms of the question, the strongest first, each for it."""
    reading = matcher.reader.read("steeping time")
    terms, gains = zip(*matcher.telling(reading, "tea/steep"), strict=True)
    assert {"steeping", "time", "steeping time"} & {*terms}
    assert sorted(gains, reverse=True) == list(gains)
    assert min(gains) > 0


def test_an_entry_without_phrasings_is_no_error(
    small: Knowledge, encoder: Encoder, reader: Reader
) -> None:
    """An entry that nobody asks for is never likely, and has no phrasing to show."""
    silent = entry("silent", (), "", "talk").model_copy(update={"phrases": ()})
    knowledge = small.model_copy(update={"shared": (*small.shared, silent)})
    index = build_index(knowledge, encoder, reader)
    ranking = Matcher(knowledge, index, encoder, reader).rank("how hot is the water")
    assert "silent" != ranking.candidates[0].entry.id


def test_weighed_together_is_weighed_alike(
    small: Knowledge, index: SearchIndex, encoder: Encoder, reader: Reader
) -> None:
    """Questions that were prepared together are ranked as each is alone, to rounding."""
    texts = ["steeping time", "how does the kinght move please", *FAR]
    one, other = (Matcher(small, index, encoder, reader) for _ in range(2))
    one.prepare(texts)
    together = [one.rank(text) for text in texts]
    alone = [other.rank(text) for text in texts]
    assert [each.candidates[0].entry for each in alone] == [
        each.candidates[0].entry for each in together
    ]
    assert [each.confidence for each in alone] == pytest.approx(
        [each.confidence for each in together], abs=1e-4
    )


def test_many_may_be_prepared(
    small: Knowledge, index: SearchIndex, encoder: Encoder, reader: Reader
) -> None:
    """More questions than are remembered can be prepared, and the first still be ranked."""
    matcher = Matcher(small, index, encoder, reader)
    texts = [f"how many leaves {number}" for number in range(1100)]
    matcher.prepare(texts)
    assert matcher.rank(texts[0]).candidates[0].entry.id == "leaves"
