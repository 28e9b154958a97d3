"""The way through a guide's checkpoints: pure. Where a reader stands is in their Session."""

from collections.abc import Iterator, Mapping

from bot.conversation.catalogue import Catalogue
from bot.conversation.choices import ChoiceReader
from bot.conversation.effects import Remember
from bot.conversation.model import Ask, Conclude, Decision, Own, Session, Target
from bot.conversation.policy import shown
from bot.conversation.records import Profile
from bot.knowledge.checkpoints import Checkpoints, Choice, Step
from bot.text import normalise


class Walk:
    """Decides what follows on a step: the next question, the one before, or the conclusion."""

    def __init__(self, catalogue: Catalogue, choices: ChoiceReader) -> None:
        """Walk through the checkpoints in `catalogue`; `choices` reads what is typed."""
        self._catalogue = catalogue
        self._choices = choices
        controls = catalogue.knowledge.voice.personal.controls
        named = (("back", controls.back), ("over", controls.over), ("stop", controls.stop))
        self._controls = {normalise(text): name for name, texts in named for text in texts}

    def opened(self, target: Target, session: Session, profile: Profile) -> Decision | None:
        """Return what a button opens; None if it is none of the checkpoints', or a dead one.

        A step is ``step:guide`` (where one stands), ``step:guide/question`` or
        ``step:guide/question/option``; ``over:guide`` starts over and ``stop:guide`` ends.
        """
        guide, _, rest = target.name.partition("/")
        points = self._catalogue.checkpoints(guide)
        if points is None or (rest and target.action != "step"):
            return None
        match target.action:
            case "over":
                return Ask(points, points.questions[0], first=True, rule="checkpoints: start over")
            case "stop":
                return Own("stopped", rule="checkpoints: stopped")
            case "step":
                return self._step(points, rest, profile) if rest else self._resumed(points, session)
            case _:
                return None

    def _resumed(self, points: Checkpoints, session: Session) -> Ask:
        """Return the question at which a reader stands, or the first."""
        here = self._here(session)
        if here is not None and here[0] == points:
            return Ask(*here, rule="checkpoints: resumed")
        return Ask(points, points.questions[0], first=True, rule="checkpoints: start")

    def said(self, text: str, session: Session, profile: Profile) -> Decision | None:
        """Return what a typed answer to the open question leads to; None if it is no answer."""
        here = None if session.paused else self._here(session)
        if here is None:
            return None
        points, step = here
        control = self._controls.get(normalise(text))
        if control == "back":
            return Ask(points, before(points, step), rule="checkpoints: back")
        if control is not None:
            return self.opened(Target(control, points.guide), session, profile)
        option = self._choices.read(text, step)
        return None if option is None else self._chosen(points, step, option, profile)

    def _here(self, session: Session) -> tuple[Checkpoints, Step] | None:
        """Return the checkpoints and the question at which a reader stands, if they do."""
        guide, _, question = session.step.partition("/")
        points = self._catalogue.checkpoints(guide)
        step = points.question(question) if points else None
        return (points, step) if points and step else None

    def _step(self, points: Checkpoints, rest: str, profile: Profile) -> Decision | None:
        """Return what ``question`` or ``question/option`` leads to."""
        question, _, name = rest.partition("/")
        step = points.question(question)
        if step is None or not name:
            return Ask(points, step, rule="checkpoints: asked again") if step else None
        option = step.option(name)
        return self._chosen(points, step, option, profile) if option else None

    def _chosen(
        self, points: Checkpoints, step: Step, option: Choice, profile: Profile
    ) -> Decision | None:
        """Return what follows on an answer. One that leads away is not remembered."""
        if option.opens is not None:
            entry = self._catalogue.find(option.opens, points.guide)
            return shown(entry) if entry else None
        effects = (Remember(f"{points.guide}/{step.id}", option.id),)
        answers = {**answers_in(points, profile), step.id: option.id}
        following = _next(points, step, answers)
        if following is None:
            return Conclude(points, answers, rule="checkpoints: concluded", effects=effects)
        noted, rule = option.label, "checkpoints: answered"
        return Ask(points, following, noted=noted, rule=rule, effects=effects)


def chosen_in(points: Checkpoints, profile: Profile) -> Iterator[tuple[Step, Choice]]:
    """Yield what a person answered to these checkpoints, if the questions still ask for it."""
    for step in points.questions:
        answer = profile.answers.get(f"{points.guide}/{step.id}")
        option = step.option(answer.option) if answer else None
        if option is not None and option.opens is None:
            yield step, option


def answers_in(points: Checkpoints, profile: Profile) -> dict[str, str]:
    """Return the same as ids: the option's by the question's."""
    return {step.id: option.id for step, option in chosen_in(points, profile)}


def before(points: Checkpoints, step: Step) -> Step:
    """Return the question before `step`; the first has only itself."""
    return points.questions[max(points.questions.index(step) - 1, 0)]


def _next(points: Checkpoints, step: Step, answers: Mapping[str, str]) -> Step | None:
    """Return the question after `step`; after the last, the first that has no answer."""
    later = points.questions[points.questions.index(step) + 1 :]
    open_ones = (each for each in points.questions if each.id not in answers)
    return later[0] if later else next(open_ones, None)
