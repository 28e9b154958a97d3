"""Whole runs, tiny and on the CPU: they learn, repeat themselves, and go on where they stopped."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from bot.distillation.__main__ import commands
from bot.distillation.budget import Minutes, Steps
from bot.distillation.job import Job
from bot.distillation.lexicon import LIFTING, read_lexicon
from bot.distillation.questions import questions
from bot.distillation.recipe import RECIPES, Contrast, RecipeName, Shape
from bot.distillation.teacher import taught
from bot.errors import TrainingError
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.matching.encoder import CharEncoder
from bot.matching.subwords import encoder_words
from tests.conftest import needs_torch

needs_torch()

import torch

from bot.distillation.archive import read_student, write_student
from bot.distillation.evaluation import agreement, judgement
from bot.distillation.student import Student
from bot.distillation.trainer import Checkpoint, Trainer
from bot.distillation.training import train
from bot.distillation.tuning import tune

TINY = Shape(rows=1024, features=16, width=32, hidden=32, out=24)
RECIPE = replace(RECIPES[RecipeName.TOY], batch=64, clusters=8, synthetic=100, recombined=100,
                 warm_up=5, rate=1e-2, memory=0.9, shape=TINY)  # fmt: skip


class WordTeacher:
    """A teacher that knows words by their hashes: a text's vector is the sum of its words'."""

    name = "words"

    def __init__(self) -> None:
        """Count how many texts are taught."""
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, 24) rows of length 1."""
        self.asked += len(texts)
        rows = np.array([sum(map(_word, encoder_words(text))) for text in texts], np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def _word(word: str) -> NDArray[np.float64]:
    """Return a word's vector."""
    return np.random.default_rng(crc32(word.encode())).standard_normal(TINY.out)


def _quiet(_line: str) -> None:
    """Say nothing."""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Return a file of 300 questions on lifting."""
    made = questions(read_lexicon(LIFTING), 300, Random(0))
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(made), "utf-8")
    return path


@pytest.fixture
def job(texts: Path, tmp_path: Path) -> Job:
    """Return a run of ten steps."""
    return Job((texts,), tmp_path / "encoder.npz", RECIPE, Steps(10))


def test_a_toy_run_learns_and_its_file_loads(job: Job) -> None:
    """In 120 steps the loss halves, texts held out come nearer, and CharEncoder reads the file."""
    lines: list[str] = []
    untrained = train(replace(job, budget=Steps(0)), WordTeacher(), _quiet)
    trained = train(replace(job, budget=Steps(120)), WordTeacher(), lines.append)
    first, later = re.findall(r"loss ([\d.]+)", "\n".join(lines))
    assert float(later) < float(first) / 2
    assert trained.clean.cosine > untrained.clean.cosine + 0.5
    assert trained.clean.pairs > untrained.clean.pairs
    assert (1, TINY.out) == CharEncoder(job.out).encode(["hip thrust"]).shape


def test_a_run_repeats_itself(job: Job, tmp_path: Path) -> None:
    """The same seed gives the same file; another gives another."""
    runs = [replace(job, out=tmp_path / f"{at}.npz", seed=seed, budget=Steps(5))
            for at, seed in enumerate((1, 1, 2))]  # fmt: skip
    for run in runs:
        train(run, WordTeacher(), _quiet)
    first, same, other = (CharEncoder(run.out).name for run in runs)
    assert first == same
    assert first != other


class _CutOff(Exception):  # noqa: N818 - it stands for the power, not for an error
    """Somebody pulled the plug."""


class _Plain:
    """An objective on a few texts that can be cut off before a step."""

    def __init__(self, cut: int = -1) -> None:
        """Raise at step `cut`."""
        self._cut = cut

    def loss(self, student: Student, step: int, rng: torch.Generator) -> torch.Tensor:
        """Return a loss that depends on what the run drew."""
        if step == self._cut:
            raise _CutOff
        codes = torch.randint(97, 123, (8, 12), generator=rng)
        loss: torch.Tensor = student(codes).square()[:, 0].sum()
        return loss


def test_a_run_that_was_cut_off_ends_the_same(tmp_path: Path) -> None:
    """Cut off at step 7 and begun again, a run goes on at its checkpoint to the same weights."""
    keep = Checkpoint(tmp_path / "run.checkpoint", "key", every=5)
    whole = Trainer(Student(TINY), RECIPE, seed=3)
    whole.run(_Plain(), Steps(12), _quiet, None)
    with pytest.raises(_CutOff):
        Trainer(Student(TINY), RECIPE, seed=3).run(_Plain(cut=7), Steps(12), _quiet, keep)
    lines: list[str] = []
    again = Trainer(Student(TINY, seed=9), RECIPE, seed=8)
    assert 12 == again.run(_Plain(), Steps(12), lines.append, keep)
    assert "goes on at step 5" in lines
    pairs = zip(whole.average.parameters(), again.average.parameters(), strict=True)
    assert all(torch.equal(left, right) for left, right in pairs)


def test_a_finished_run_leaves_no_checkpoint(tmp_path: Path) -> None:
    """What a run kept is removed when it ends."""
    keep = Checkpoint(tmp_path / "run.checkpoint", "key", every=2)
    Trainer(Student(TINY), RECIPE, seed=0).run(_Plain(), Steps(5), _quiet, keep)
    assert [] == list(tmp_path.iterdir())


def test_another_runs_checkpoint_is_let_be(tmp_path: Path) -> None:
    """A checkpoint of other texts or another recipe is no beginning for this run."""
    path = tmp_path / "run.checkpoint"
    with pytest.raises(_CutOff):
        Trainer(Student(TINY), RECIPE, seed=0).run(
            _Plain(cut=4), Steps(9), _quiet, Checkpoint(path, "other", every=2)
        )
    lines: list[str] = []
    Trainer(Student(TINY), RECIPE, seed=0).run(
        _Plain(), Steps(2), lines.append, Checkpoint(path, "this", every=2)
    )
    assert [] == [line for line in lines if "goes on" in line]


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04"])
def test_a_damaged_checkpoint_is_no_beginning(tmp_path: Path, content: bytes) -> None:
    """A run whose checkpoint can't be read begins anew."""
    path = tmp_path / "run.checkpoint"
    path.write_bytes(content)
    run = Trainer(Student(TINY), RECIPE, seed=0)
    assert 2 == run.run(_Plain(), Steps(2), _quiet, Checkpoint(path, "key"))


def test_time_is_spent_by_the_clock() -> None:
    """A budget of two minutes is half over after one, and all over after two."""
    ticks = iter([100.0, 100.0, 160.0, 220.0])
    budget = Minutes(2, lambda: next(ticks))
    assert [0, 0.5, 1] == [budget.spent(step) for step in range(3)]


def test_time_goes_on_where_it_stopped() -> None:
    """A budget resumed at three quarters has a quarter left."""
    ticks = iter([0.0, 15.0])
    budget = Minutes(1, lambda: next(ticks))
    budget.resume(0.75)
    assert 1 == budget.spent(0)


def test_vectors_are_made_once(tmp_path: Path) -> None:
    """What a teacher taught is kept on disk in half precision and not asked for again."""
    teacher = WordTeacher()
    made = taught(teacher, ["one cup", "two cups"], tmp_path, _quiet)
    again = taught(teacher, ["one cup", "two cups"], tmp_path, _quiet)
    assert 2 == teacher.asked
    assert made.tolist() == again.tolist()
    assert pytest.approx(teacher.encode(["one cup"])[0], abs=1e-3) == made[0]


def test_other_texts_are_taught_anew(tmp_path: Path) -> None:
    """Vectors are kept by text: others, or a damaged file, are made again."""
    teacher = WordTeacher()
    taught(teacher, ["one cup"], tmp_path, _quiet)
    taught(teacher, ["two cups"], tmp_path, _quiet)
    next(tmp_path.iterdir()).write_bytes(b"")
    taught(teacher, ["one cup"], tmp_path, _quiet)
    taught(teacher, ["two cups"], tmp_path, _quiet)
    assert 3 == teacher.asked


def test_an_encoder_agrees_with_itself() -> None:
    """Held against itself on clean texts an encoder is perfect; slips cost it something."""
    encoder = CharEncoder()
    result = judgement(encoder, encoder, questions(read_lexicon(LIFTING), 30, Random(1)), seed=0)
    assert pytest.approx([1, 1, 1], abs=1e-5) == list(result.clean)
    assert result.noisy.cosine < 0.99


def test_agreement_is_measured_between_texts() -> None:
    """Rows in the wrong order have other cosines, other pairs and other neighbours."""
    rows = WordTeacher().encode(["a cup of tea", "a cup of coffee", "red shoes", "blue shoes"])
    assert pytest.approx([1, 1, 1]) == list(agreement(rows, rows))
    swapped = agreement(rows[[0, 2, 1, 3]], rows)
    assert swapped.cosine < 0.9
    assert swapped.pairs < 0.5
    assert swapped.nearest == 0


def test_a_teacher_of_another_width_is_refused(job: Job, tmp_path: Path) -> None:
    """An encoder to begin with must have as many numbers as the teacher's vectors."""
    write_student(Student(TINY._replace(out=8)), tmp_path / "narrow.npz")
    with pytest.raises(TrainingError, match="vectors have 8 numbers, the teacher's 24"):
        train(replace(job, start=tmp_path / "narrow.npz"), WordTeacher(), _quiet)


def test_training_goes_on_from_an_encoder(job: Job, tmp_path: Path) -> None:
    """Begun with a trained encoder, no step at all gives as good a one."""
    best = train(job, WordTeacher(), _quiet)
    again = replace(job, start=job.out, out=tmp_path / "again.npz", budget=Steps(0))
    assert list(best.clean) == list(train(again, WordTeacher(), _quiet).clean)


@pytest.fixture
def two_voices(folder: Path) -> Knowledge:
    """Return the small knowledge with a second voice, which says everything a bit differently."""
    plain = folder / "tea" / "phrasings" / "plain.yaml"
    other = re.sub(r"(?m)^    - (.*)$", r"    - lads \1", plain.read_text("utf-8"))
    other = other.replace('- lads "', '- "lads ')
    (folder / "tea" / "phrasings" / "other.yaml").write_text(other, "utf-8")
    return load(folder, date(2100, 1, 1))


TUNING = replace(RECIPE, rate=3e-3, synthetic=0, recombined=0)


@pytest.fixture
def tuning(job: Job, tmp_path: Path) -> Job:
    """Return a run that tunes a new encoder in 40 steps."""
    write_student(Student(TINY), tmp_path / "start.npz")
    return replace(job, recipe=TUNING, start=tmp_path / "start.npz", budget=Steps(40))


def test_tuning_teaches_entries_to_a_voice_that_it_never_heard(
    tuning: Job, two_voices: Knowledge
) -> None:
    """After tuning on one voice, another's phrasings find their entry more often."""
    result = tune(tuning, two_voices, Contrast(hold_out="other", each=2), _quiet)
    assert result.before is not None
    assert result.after is not None
    assert result.after.nearest > result.before.nearest


def test_the_anchor_holds_other_texts_in_place(
    tuning: Job, two_voices: Knowledge, tmp_path: Path
) -> None:
    """Vectors of texts that are no phrasings move less with an anchor than without."""
    loose = replace(tuning, out=tmp_path / "loose.npz")
    held = tune(tuning, two_voices, Contrast(hold_out="none", anchor=10), _quiet)
    free = tune(loose, two_voices, Contrast(hold_out="none", anchor=0), _quiet)
    assert held.kept.clean.cosine > free.kept.clean.cosine
    assert held.kept.clean.pairs > free.kept.clean.pairs


def test_tuning_on_all_voices_judges_by_none(tuning: Job, two_voices: Knowledge) -> None:
    """With nobody held out there is no before and after, and the file loads all the same."""
    result = tune(replace(tuning, budget=Steps(1)), two_voices, Contrast(hold_out="none"), _quiet)
    assert result.before is None
    assert result.after is None
    assert TINY == read_student(tuning.out).shape


def test_an_unknown_voice_is_one_clear_line(tuning: Job, two_voices: Knowledge) -> None:
    """A voice that nobody has is refused with those that there are."""
    with pytest.raises(TrainingError, match="no voice 'pirate'; there are: author, other, plain"):
        tune(tuning, two_voices, Contrast(hold_out="pirate"), _quiet)


def test_the_commands_train_and_judge(texts: Path, tmp_path: Path) -> None:
    """From the command line an encoder.npz can teach, be begun with, and be judged."""
    teacher, out = tmp_path / "teacher.npz", tmp_path / "out.npz"
    write_student(Student(TINY), teacher)
    more = tmp_path / "more.txt"
    more.write_text("one more question\n", "utf-8")
    shared = ["--teacher", str(teacher), "--texts", str(texts), str(more)]
    runner = CliRunner()
    trained = runner.invoke(commands, [
        "train", *shared, "--out", str(out), "--from", str(teacher), "--recipe", "toy",
        "--steps", "1", "--cache", str(tmp_path / "cache"),
    ])  # fmt: skip
    judged = runner.invoke(commands, ["judge", *shared, "--encoder", str(out)])
    assert 0 == trained.exit_code, trained.output
    assert "271 texts" in trained.output
    assert 0 == judged.exit_code, judged.output
    assert judged.output.startswith("clean: cosine 1.0000")


@pytest.mark.usefixtures("two_voices")
def test_the_command_tunes(texts: Path, tmp_path: Path) -> None:
    """From the command line an encoder is tuned on a knowledge folder and written."""
    start, out = tmp_path / "start.npz", tmp_path / "new" / "tuned.npz"
    write_student(Student(TINY), start)
    folder = tmp_path / "knowledge"
    options = ["--knowledge", str(folder), "--from", str(start), "--texts", str(texts)]
    more = ["--out", str(out), "--steps", "1", "--hold-out", "other"]
    done = CliRunner().invoke(commands, ["tune", *options, *more])
    assert 0 == done.exit_code, done.output
    assert "held-out voice, after:" in done.output
    assert (1, TINY.out) == CharEncoder(out).encode(["tea"]).shape
