"""Text to learn from: read once, held out whole, made from frames, phrases and words."""

from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from bot.distillation.__main__ import commands, main
from bot.distillation.corpus import as_read, distinct, held_out, is_question, read_texts
from bot.distillation.lexicon import GENERAL, LIFTING, MINED, Lexicon, read_lexicon
from bot.distillation.material import material
from bot.distillation.phrases import mined
from bot.distillation.questions import questions
from bot.distillation.recombination import recombined
from bot.errors import KnowledgeError, TrainingError

TEA = Lexicon(
    frames=("(is|are) {leaf} [really] strong", "{leaf} or {leaf}"),
    lists={"leaf": ("sencha", "assam", "oolong")},
    openers=("hey",),
    closers=("?", "please"),
)
CORPUS = [
    "How do I warm up before a run?",
    "My left knee hurts.",
    "I want to change my shoes for the race",
    "the red kettle is on the old stove",
]


def test_each_line_that_says_something_is_a_text(tmp_path: Path) -> None:
    """Blank lines and spaces around texts are dropped; files follow each other."""
    (tmp_path / "a.txt").write_text("one cup\n\n  two cups \n", "utf-8")
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbfbad \xff byte")
    expected = ["one cup", "two cups", "bad \N{REPLACEMENT CHARACTER} byte"]
    assert expected == read_texts([tmp_path / "a.txt", tmp_path / "b.txt"])


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    """A text file that isn't there is a TrainingError that names it."""
    with pytest.raises(TrainingError, match=r"absent\.txt can't be read: No such file"):
        read_texts([tmp_path / "absent.txt"])


def test_texts_that_read_the_same_are_kept_once() -> None:
    """Of texts that differ in nothing that the encoder reads, the first is kept."""
    assert ["Don't!", "a cup"] == distinct(["Don't!", "dont", "a cup", "A cup?"])


def test_texts_of_which_nothing_is_read_are_dropped() -> None:
    """Other scripts and single letters give the encoder nothing to learn."""
    assert ["tea"] == distinct(["\N{PEACH}", "\N{CYRILLIC SMALL LETTER CHE}", "x", "tea"])


def test_nothing_that_is_to_be_held_out_is_learned() -> None:
    """A text that reads like one of `without` is left out."""
    assert ["green tea"] == distinct(["Black tea?", "green tea"], without=["black, tea"])


QUESTIONS = ["how hot", "hot enough?", "Isn't it late", "what's tea", "Can I?"]
STATEMENTS = ["my tea is cold", "howling wind", "tea", "whatever you do."]


@pytest.mark.parametrize("text", QUESTIONS)
def test_questions_are_known_by_first_word_or_mark(text: str) -> None:
    """A text that begins like a question or ends with its mark is one."""
    assert is_question(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_statements_are_no_questions(text: str) -> None:
    """A text that neither begins nor ends like a question is none."""
    assert not is_question(text)


def test_held_out_texts_are_a_tenth_and_apart() -> None:
    """A tenth is held out, evenly; nothing is lost and nothing is in both parts."""
    texts = [str(number) for number in range(40)]
    learned, judged = held_out(texts, 1000)
    assert ["0", "10", "20", "30"] == judged
    assert set(texts) - set(judged) == set(learned)


def test_too_few_texts_are_one_clear_line() -> None:
    """Fewer than ten texts can't be held out of."""
    with pytest.raises(TrainingError, match="too few texts to learn from: 9"):
        held_out(["text"] * 9, 1000)


def test_questions_fill_every_alternative() -> None:
    """Everything that a lexicon can say is said, once, if so much is asked for."""
    bare = TEA.model_copy(update={"openers": (), "closers": ()})
    strong = {f"{verb} {leaf}{more} strong" for verb in ("is", "are")
              for leaf in ("sencha", "assam", "oolong") for more in ("", " really")}  # fmt: skip
    pairs = {"sencha or assam", "assam or sencha", "sencha or oolong", "oolong or sencha",
             "assam or oolong", "oolong or assam"}  # fmt: skip
    made = questions(bare, 1000, Random(0))
    assert strong | pairs == set(made)
    assert len(set(made)) == len(made)


def test_words_around_a_question_are_set_apart_by_spaces_and_marks_are_not() -> None:
    """Openers and worded closers stand a space away, marks follow at once."""
    lexicon = Lexicon(frames=("tea",), openers=("hey",), closers=("?", "please"))
    assert {"tea", "hey tea", "tea?", "hey tea?", "tea please", "hey tea please"} == set(
        questions(lexicon, 1000, Random(0))
    )


def test_the_same_seed_makes_the_same_questions() -> None:
    """Questions depend on the lexicon, their number and the seed, on nothing else."""
    assert questions(TEA, 20, Random(3)) == questions(TEA, 20, Random(3))
    assert questions(TEA, 20, Random(3)) != questions(TEA, 20, Random(4))


def test_the_shipped_lexicon_on_lifting_asks_all_it_is_asked_for() -> None:
    """Thousands of different questions come from the lexicon on lifting, all slots filled."""
    made = questions(read_lexicon(LIFTING), 5000, Random(0))
    assert 5000 == len(made)
    assert [] == [text for text in made if "{" in text or "|" in text]


def test_every_list_of_the_shipped_lexicon_is_used() -> None:
    """No list on lifting is written in vain."""
    lexicon = read_lexicon(LIFTING)
    assert set(lexicon.lists) == {
        name for name in lexicon.lists if any(f"{{{name}}}" in frame for frame in lexicon.frames)
    }


def test_a_frame_with_an_unknown_list_is_told_with_its_line(tmp_path: Path) -> None:
    """A lexicon's mistakes are problems with path and line, like those of a guide."""
    path = tmp_path / "tea.yaml"
    path.write_text("frames:\n  - is {leaf} good\n  - is {cup} good\nlists:\n  leaf: [assam]\n")
    with pytest.raises(KnowledgeError) as raised:
        read_lexicon(path)
    assert [(3, "the frame names the list 'cup', which the lexicon doesn't have")] == [
        (problem.line, problem.message) for problem in raised.value.problems
    ]


def test_a_misspelt_key_is_told(tmp_path: Path) -> None:
    """A key that a lexicon doesn't have is a problem with a hint."""
    path = tmp_path / "tea.yaml"
    path.write_text("frame:\n  - tea\n")
    with pytest.raises(KnowledgeError, match="did you mean 'frames'"):
        read_lexicon(path)


def test_phrases_are_found_between_small_words() -> None:
    """Noun and verb phrases are what stands between determiners, verbs and the words after."""
    phrases = mined(CORPUS)
    assert ("a run", "my shoes", "the race", "the red kettle", "the old stove") == phrases.nouns
    assert ("change my shoes",) == phrases.verbs


def test_new_texts_are_made_of_old_words() -> None:
    """Every word of a recombined text stands in the corpus; none is empty or there twice."""
    made = recombined(CORPUS, 200, Random(0))
    words = {word for text in CORPUS for word in text.split()}
    assert set() == {word for text in made for word in text.split()} - words
    assert len(set(made) - {""}) == len(made) > len(CORPUS)


def test_nothing_is_made_of_nothing() -> None:
    """Without texts there are no recombinations."""
    assert [] == recombined([], 10, Random(0))


def test_questions_of_the_corpus_weigh_most() -> None:
    """Questions are learned from three times as often as other texts of the corpus."""
    made = material(CORPUS, [], synthetic=0, mixed=0, random=Random(0))
    assert CORPUS == list(made.texts)
    assert [3, 1, 1, 1] == list(made.weights)


def test_what_is_made_never_reads_like_what_is_judged_by() -> None:
    """Synthetic and recombined texts that equal a held-out text are left out."""
    free = material(CORPUS, [], 300, 300, Random(0)).texts
    judged = free[len(CORPUS) :: 2]
    made = material(CORPUS, judged, 300, 300, Random(0)).texts
    assert {as_read(text) for text in free} - {as_read(text) for text in judged} == {
        as_read(text) for text in made
    }


def test_the_general_frames_need_only_mined_lists() -> None:
    """The frames for any field load with no list but the two that the corpus gives."""
    assert {} == read_lexicon(GENERAL, MINED).lists


def test_the_command_writes_questions(tmp_path: Path) -> None:
    """`questions` writes as many as it is asked for, one a line."""
    out = tmp_path / "fit.txt"
    done = CliRunner().invoke(commands, ["questions", "--out", str(out), "--count", "7"])
    assert f"7 questions in {out}\n" == done.output
    assert 7 == len(read_texts([out]))


def test_a_mistake_on_the_command_line_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Our own errors end the program with status 2 and one line on stderr, no traceback."""
    monkeypatch.setattr("sys.argv", ["distillation", "questions", "absent.yaml"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert 2 == ended.value.code
    assert "absent.yaml:1: can't be read: No such file or directory\n" == capsys.readouterr().err
