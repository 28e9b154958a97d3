"""The second stage: an encoder and labelled phrasings -> an encoder that tells them apart."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.distillation.archive import read_student
from bot.distillation.contrasting import Contrasting
from bot.distillation.evaluation import Agreement, Judgement, judgement
from bot.distillation.job import Job
from bot.distillation.recipe import Contrast
from bot.distillation.teacher import Tell
from bot.distillation.training import distilling, gathered, run
from bot.distillation.voices import Right, Said, first_right, held_voice
from bot.knowledge.model import Knowledge
from bot.matching.encoder import DATA, CharEncoder, Windowed


class Tuned(NamedTuple):
    """What tuning changed: the held-out voice before and after, and vectors of other texts.

    `before` and `after` are None if no voice was held out. `kept` holds the tuned encoder against
    the one before it, on texts that it did not learn from; `steady` holds that one against itself
    when there are slips, which is what the tuned one can be measured by.
    """

    before: Right | None
    after: Right | None
    kept: Judgement
    steady: Agreement


def tune(job: Job, knowledge: Knowledge, contrast: Contrast, tell: Tell) -> Tuned:
    """Train the encoder `job.start` on the phrasings of `knowledge` and write the result.

    Its own vectors of `job.texts` are the teacher's: they anchor it. Raises TrainingError or
    EncoderError.
    """
    start = job.start or DATA
    job = replace(job, start=start)
    before = CharEncoder(start)
    said = Said.of(knowledge)
    held = held_voice(said, contrast.hold_out)
    names = ", ".join(np.unique(said.voices[held])) or "nobody's"
    tell(f"{(~held).sum()} phrasings to learn from, {held.sum()} held out: {names}")
    made, judged = gathered(job, tell)
    anchor = distilling(job, before, made, tell)
    objective = Contrasting.of(said, ~held, anchor, contrast)
    facts = [before.name, knowledge.version, repr(contrast), *made.texts]
    run(job, read_student(start), objective, facts, tell)
    after = CharEncoder(job.out)
    right = [_right(encoder, said, held) for encoder in (before, after)]
    kept, alone = (judgement(encoder, before, judged, job.seed) for encoder in (after, before))
    return Tuned(right[0], right[1], kept, alone.noisy)


def _right(encoder: CharEncoder, said: Said, held: NDArray[np.bool_]) -> Right | None:
    """Return how well the held-out voice is understood, or None if there is none."""
    return first_right(Windowed(encoder), said, held) if held.any() else None
