"""Rules on checkpoints.yaml: every way through it ends well. Each yields Problems."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from bot.errors import Problem
from bot.knowledge.base import Source
from bot.knowledge.checkpoints import Answers, Checkpoints, Step
from bot.knowledge.citations import cited_keys, figures, figures_behind, without_citations
from bot.knowledge.model import Guide, Knowledge
from bot.text import normalise

LONGEST_STEP = 90
LONGEST_SAID = 240
LONGEST_REASON = 60
LONGEST_REMARK = 160
LONGEST_WITH_REMARK = 600
LONGEST_CONCLUSION = 900


def checkpoints_have_names(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No two questions carry one id, nor two options of one; no answer could mean two options."""
    for points in _all(knowledge):
        for at, step in enumerate(points.questions):
            if step.id in {other.id for other in points.questions[:at]}:
                yield _at(points, f"questions.{at}", f"the question '{step.id}' stands twice")
            yield from _ambiguous(points, at, step)


def checkpoints_open_entries(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Everything that checkpoints open or add to exists."""
    for guide, points in _with_guides(knowledge):
        entries = {entry.id for entry in (*guide.entries, *knowledge.shared)}
        menus = {f"menu:{section.id}" for section in guide.file.sections} | {"menu:all"}
        for field, name in _opened(points):
            if name not in entries | (menus if field.startswith("verdicts") else set()):
                yield _at(points, field, f"'{name}' opens nothing: no entry has this id")


def checkpoints_know_their_answers(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every condition names questions and options that there are, and that are remembered."""
    for points in _all(knowledge):
        for field, when in points.conditions():
            for question, options in when.items():
                step = points.question(question)
                where = f"{field}.{question}"
                if step is None:
                    yield _at(points, where, f"there is no question '{question}'")
                    continue
                for name in options:
                    yield from _unknown(points, where, step, name)


def checkpoints_conclude(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every way through has a verdict and a reason, and every verdict a way to it."""
    for points in _all(knowledge):
        if points.verdicts[-1].when:
            last = f"verdicts.{len(points.verdicts) - 1}.when"
            yield _at(points, last, "the last verdict must fit everybody: leave out its 'when'")
        ways = list(_ways(points))
        reached = {id(points.verdict(way)) for way in ways}
        for at, verdict in enumerate(points.verdicts):
            if id(verdict) not in reached:
                message = "no answers lead to this verdict: those before it catch them all"
                yield _at(points, f"verdicts.{at}", message)
        for way in ways:
            if not points.reasons_for(way):
                yield _at(points, "reasons", f"no reason fits these answers: {_shown(way)}")
                break


def checkpoints_cite(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every verdict cites; every citation exists, and every figure stands in a source cited."""
    for guide, points in _with_guides(knowledge):
        known = {**knowledge.safety.sources, **guide.sources}
        for field, text in _said(points):
            if field.startswith("verdicts") and not cited_keys(text):
                yield _at(points, field, "uncited claim: 'say' cites no source")
            yield from _unfounded(points, field, text, known)


def checkpoints_fit(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Keep questions, sentences and whole conclusions short enough for a phone."""
    for guide, points in _with_guides(knowledge):
        for field, text, most in _limits(points):
            length = len(without_citations(text))
            if length > most:
                yield _at(points, field, f"{length} characters; at most {most}")
        yield from _too_long_with_remarks(guide, points)
        longest = max(_length(points, way) for way in _ways(points))
        if longest > LONGEST_CONCLUSION:
            message = f"a conclusion can have {longest} characters; at most {LONGEST_CONCLUSION}"
            yield _at(points, "reasons", message)


def _ambiguous(points: Checkpoints, at: int, step: Step) -> Iterator[Problem]:
    """Yield options of one question that share an id, or a way of saying them."""
    ids: set[str] = set()
    taken: dict[str, str] = {}
    for index, option in enumerate(step.options):
        field = f"questions.{at}.options.{index}"
        if option.id in ids:
            yield _at(points, field, f"the option '{option.id}' stands twice")
        ids.add(option.id)
        for said in (option.label, *option.says):
            if taken.setdefault(normalise(said), option.id) != option.id:
                yield _at(points, field, f"'{said}' could mean '{taken[normalise(said)]}' too")


def _opened(points: Checkpoints) -> Iterator[tuple[str, str]]:
    """Yield (field, id) of every entry or menu that is named."""
    yield "entry", points.entry
    for at, step in enumerate(points.questions):
        for index, option in enumerate(step.options):
            if option.opens is not None:
                yield f"questions.{at}.options.{index}.opens", option.opens
    for at, verdict in enumerate(points.verdicts):
        for name in verdict.opens:
            yield f"verdicts.{at}.opens", name
    for entry in points.if_said:
        yield f"if_said.{entry}", entry


def _unknown(points: Checkpoints, field: str, step: Step, name: str) -> Iterator[Problem]:
    """Yield why an option can't be a condition, if it can't."""
    option = step.option(name)
    if option is None:
        yield _at(points, field, f"the question '{step.id}' has no option '{name}'")
    elif option.opens is not None:
        message = f"'{name}' leads away to '{option.opens}' and is never remembered"
        yield _at(points, field, message)


def _said(points: Checkpoints) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of every sentence that may cite."""
    for at, verdict in enumerate(points.verdicts):
        yield f"verdicts.{at}.say", verdict.say
    for at, reason in enumerate(points.reasons):
        yield f"reasons.{at}.say", reason.say
    for entry, remarks in points.if_said.items():
        for at, remark in enumerate(remarks):
            yield f"if_said.{entry}.{at}.add", remark.add


def _unfounded(
    points: Checkpoints, field: str, text: str, known: dict[str, Source]
) -> Iterator[Problem]:
    """Yield citations of nothing, and figures that no source cited with them has."""
    keys = cited_keys(text)
    for key in keys:
        if key not in known:
            yield _at(points, field, f"the source '{key}' does not exist")
    behind = figures_behind([known[key] for key in keys if key in known])
    for figure in figures(without_citations(text)):
        if figure not in behind:
            yield _at(points, field, f"the figure '{figure}' stands in no cited source")


def _limits(points: Checkpoints) -> Iterator[tuple[str, str, int]]:
    """Yield (field, text, most characters) of every text."""
    yield "intro", points.intro, LONGEST_SAID
    for at, step in enumerate(points.questions):
        yield f"questions.{at}.ask", step.ask, LONGEST_STEP
    for at, verdict in enumerate(points.verdicts):
        yield f"verdicts.{at}.say", verdict.say, LONGEST_SAID
        yield f"verdicts.{at}.would_change", verdict.would_change, LONGEST_SAID
    for at, reason in enumerate(points.reasons):
        yield f"reasons.{at}.reason", reason.reason, LONGEST_REASON
        yield f"reasons.{at}.say", reason.say, LONGEST_SAID
    for entry, remarks in points.if_said.items():
        for at, remark in enumerate(remarks):
            yield f"if_said.{entry}.{at}.add", remark.add, LONGEST_REMARK


def _too_long_with_remarks(guide: Guide, points: Checkpoints) -> Iterator[Problem]:
    """Yield remarks that make their answer longer than an answer may be, or cite beyond it."""
    entries = {entry.id: entry for entry in guide.entries}
    for name, remarks in points.if_said.items():
        entry = entries.get(name)
        for at, remark in enumerate(remarks if entry else ()):
            assert entry is not None  # noqa: S101 - there are no remarks without
            field = f"if_said.{name}.{at}.add"
            length = len(without_citations(f"{entry.answer} {remark.add}"))
            if length > LONGEST_WITH_REMARK:
                message = f"{length} characters with the answer; at most {LONGEST_WITH_REMARK}"
                yield _at(points, field, message)
            for key in cited_keys(remark.add):
                if key not in entry.sources:
                    yield _at(points, field, f"'{key}' is not among the sources of '{name}'")


def _length(points: Checkpoints, way: Answers) -> int:
    """Return how many characters of conclusion some answers lead to."""
    verdict, reasons = points.verdict(way), points.reasons_for(way)
    texts = (verdict.say, verdict.would_change, *(each.reason + each.say for each in reasons))
    return sum(len(without_citations(text)) for text in texts)


def _ways(points: Checkpoints) -> Iterator[Answers]:
    """Yield every set of answers with which a reader can reach the end."""
    options = [
        [option.id for option in step.options if option.opens is None] for step in points.questions
    ]
    for chosen in product(*options):
        yield dict(zip((step.id for step in points.questions), chosen, strict=True))


def _shown(way: Answers) -> str:
    """Return answers as an author would write them."""
    return ", ".join(f"{question}: {option}" for question, option in way.items())


def _with_guides(knowledge: Knowledge) -> Iterator[tuple[Guide, Checkpoints]]:
    """Yield the checkpoints of every guide that has some, with the guide."""
    for guide in knowledge.guides:
        if guide.checkpoints is not None:
            yield guide, guide.checkpoints


def _all(knowledge: Knowledge) -> Iterator[Checkpoints]:
    """Yield the checkpoints of every guide that has some."""
    for _, points in _with_guides(knowledge):
        yield points


def _at(points: Checkpoints, field: str, message: str) -> Problem:
    """Return a Problem at the line of a field."""
    return Problem(points.origin.path, points.origin.at(field), message)
