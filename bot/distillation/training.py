"""The first stage: a teacher and plain text -> encoder.npz. The second one shares its parts."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from random import Random

import torch

from bot.distillation.archive import read_student, write_student
from bot.distillation.characters import characters
from bot.distillation.corpus import distinct, held_out, read_texts
from bot.distillation.distilling import Distilling
from bot.distillation.evaluation import Judgement, judgement, same_width
from bot.distillation.job import Job
from bot.distillation.material import Material, material
from bot.distillation.student import Student
from bot.distillation.teacher import Teacher, Tell, taught
from bot.distillation.trainer import Checkpoint, Objective, Trainer
from bot.errors import TrainingError
from bot.matching.encoder import CharEncoder


def train(job: Job, teacher: Teacher, tell: Tell) -> Judgement:
    """Train an encoder, write it, and return how near it is to the teacher.

    Raises TrainingError or EncoderError.
    """
    made, judged = gathered(job, tell)
    objective = distilling(job, teacher, made, tell)
    student = _student(job, objective.vectors.shape[1])
    run(job, student, objective, [teacher.name, *made.texts], tell)
    return judgement(CharEncoder(job.out), teacher, judged, job.seed)


def gathered(job: Job, tell: Tell) -> tuple[Material, list[str]]:
    """Return what to learn from, and texts to judge by that are not among it."""
    _make_folder(job.out)
    corpus = distinct(read_texts(job.texts), read_texts(job.without))
    learned, judged = held_out(corpus, job.recipe.judged)
    recipe, random = job.recipe, Random(job.seed)
    made = material(learned, judged, recipe.synthetic, recipe.recombined, random)
    tell(f"{len(learned)} texts, {len(made.texts) - len(learned)} made of them")
    return made, judged


def distilling(job: Job, teacher: Teacher, made: Material, tell: Tell) -> Distilling:
    """Return the objective that the teacher's vectors of these texts set, on the device."""
    where = device()
    vectors = torch.from_numpy(taught(teacher, made.texts, job.cache, tell)).to(where)
    weights = torch.tensor(made.weights, device=where)
    return Distilling.of(
        characters(made.texts).to(where), vectors, weights, job.recipe, job.seed
    )  # fmt: skip


def run(job: Job, student: Student, objective: Objective, facts: Iterable[str], tell: Tell) -> None:
    """Train `student` and write it; `facts` are what tells this run from others, beside `job`."""
    trainer = Trainer(student.to(device()), job.recipe, job.seed)
    told = "\n".join([repr(job.recipe), str(job.seed), str(job.start), *facts])
    key = hashlib.sha256(told.encode()).hexdigest()
    keep = Checkpoint(job.out.with_suffix(".checkpoint"), key)
    steps = trainer.run(objective, job.budget, tell, keep)
    tell(f"{steps} steps done")
    write_student(trainer.average, job.out)


def device() -> torch.device:
    """Return the GPU if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _student(job: Job, width: int) -> Student:
    """Return the network to begin with: a new one, or the one that `job` names."""
    if job.start is None:
        return Student(job.recipe.shape._replace(out=width), job.seed)
    student = read_student(job.start)
    same_width(student.shape.out, width)
    return student


def _make_folder(out: Path) -> None:
    """Make the folder of `out` now, not after an hour. Raises TrainingError."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{out.parent} can't be made: {error.strerror or type(error).__name__}"
        raise TrainingError(message) from None
