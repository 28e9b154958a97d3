"""Decisions from rankings made by hand: every branch of the policy."""

from dataclasses import replace

import pytest

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Abstain, Answer, Clarify, Decision, Menu, Refer
from bot.conversation.policy import Policy, match_of
from bot.knowledge.model import Entry, Knowledge
from bot.matching.calibration import Calibration
from bot.matching.matcher import Candidate, Ranking
from bot.matching.reading import Reading

CALIBRATION = Calibration(floor=0.6, margin=0.1, offer=0.4, refer=0.3)


@pytest.fixture(scope="module")
def catalogue(knowledge: Knowledge) -> Catalogue:
    """Return the catalogue of the knowledge that ships."""
    return Catalogue(knowledge)


@pytest.fixture(scope="module")
def policy(catalogue: Catalogue) -> Policy:
    """Return a policy with thresholds made by hand."""
    return Policy(catalogue, CALIBRATION)


def named(catalogue: Catalogue, name: str) -> Entry:
    """Return the entry with this name."""
    entry = catalogue.find(name)
    assert entry is not None
    return entry


def ranking(
    catalogue: Catalogue, outside: float = 0.0, field: str = "", **chances: float
) -> Ranking:
    """Return a ranking with these chances; `_` in a name stands for `-`.

    The first chance is the confidence too.
    """
    all_chances = {"term-hinge": 0.0, "references": 0.0}
    all_chances |= {name.replace("_", "-"): chance for name, chance in chances.items()}
    likeliest = sorted(all_chances, key=lambda name: -all_chances[name])
    ordered = [(named(catalogue, name), all_chances[name]) for name in likeliest]
    fields = {each.id: each for each in catalogue.knowledge.outside}
    return Ranking(
        Reading("asked", "asked"),
        tuple(Candidate(entry, chance, 0.9, entry.ask) for entry, chance in ordered),
        ordered[0][1],
        1 - outside,
        fields[field] if field else None,
        outside,
        sum(chance for entry, chance in ordered if entry.section == "safety"),
    )


def topics(decision: Decision) -> list[str]:
    """Return the ids of what a decision shows or offers."""
    match decision:
        case Answer(items=items):
            return [item.entry.id for item in items]
        case Clarify(options=entries) | Abstain(nearest=entries):
            return [entry.id for entry in entries]
        case Refer(entry=entry, also=also):
            return [entry.id, *(one.id for one in also)]
        case _:
            return []


def test_a_sure_first_candidate_is_answered(catalogue: Catalogue, policy: Policy) -> None:
    """Above the floor, with a margin, more likely than outside: the first one is the answer."""
    decision = policy.decide(ranking(catalogue, frequency=0.8, progression=0.1))
    assert isinstance(decision, Answer)
    assert topics(decision) == ["frequency"]


def test_the_floor_itself_is_enough(catalogue: Catalogue, policy: Policy) -> None:
    """A confidence equal to the floor is answered."""
    assert policy.sure(ranking(catalogue, frequency=0.6, progression=0.1))


def test_below_the_floor_a_choice_is_offered(catalogue: Catalogue, policy: Policy) -> None:
    """Not sure, but the first few hold enough: did you mean."""
    decision = policy.decide(ranking(catalogue, frequency=0.5, progression=0.2, pairing=0.1))
    assert isinstance(decision, Clarify)
    assert topics(decision) == ["frequency", "progression", "pairing"]


def test_without_a_margin_a_choice_is_offered(catalogue: Catalogue) -> None:
    """Two that are nearly as likely are both offered, however likely."""
    unsure = replace(CALIBRATION, floor=0.4)
    decision = Policy(catalogue, unsure).decide(ranking(catalogue, frequency=0.48, pairing=0.44))
    assert isinstance(decision, Clarify)
    assert topics(decision) == ["frequency", "pairing"]


def test_absurd_options_are_left_out(catalogue: Catalogue, policy: Policy) -> None:
    """What has next to no chance is not offered."""
    decision = policy.decide(ranking(catalogue, frequency=0.5, progression=0.2, pairing=0.01))
    assert topics(decision) == ["frequency", "progression"]


def test_one_option_is_no_choice(catalogue: Catalogue, policy: Policy) -> None:
    """With a single option left there is nothing to choose from: the policy abstains."""
    decision = policy.decide(ranking(catalogue, frequency=0.55, progression=0.01))
    assert isinstance(decision, Abstain)


def test_talk_is_never_offered(catalogue: Catalogue, policy: Policy) -> None:
    """A choice holds questions on the guide only."""
    decision = policy.decide(ranking(catalogue, greeting=0.5, frequency=0.2, pairing=0.2))
    assert topics(decision) == ["frequency", "pairing"]


def test_too_little_to_offer_abstains(catalogue: Catalogue, policy: Policy) -> None:
    """If the first few hold too little together, the policy abstains."""
    decision = policy.decide(ranking(catalogue, frequency=0.2, progression=0.1))
    assert isinstance(decision, Abstain)


def test_likelier_outside_is_not_answered(catalogue: Catalogue, policy: Policy) -> None:
    """Confidence doesn't help if the question is likelier to be about something else."""
    both = ranking(catalogue, outside=0.7, field="food", frequency=0.65)
    assert not policy.sure(both)


def test_an_abstention_names_what_is_outside(catalogue: Catalogue, policy: Policy) -> None:
    """Where an outside field leads, the abstention says which and offers its nearest entries."""
    food = next(each for each in catalogue.knowledge.outside if each.id == "food")
    decision = policy.decide(ranking(catalogue, outside=0.9, field="food", frequency=0.05))
    assert isinstance(decision, Abstain)
    assert (food.about, [*food.nearest]) == (decision.about, topics(decision))


def test_an_abstention_always_offers_three(catalogue: Catalogue, policy: Policy) -> None:
    """With nothing near, what people ask most is offered, each once."""
    decision = policy.decide(ranking(catalogue, sets_reps_effort=0.2))
    assert topics(decision)[0] == "sets-reps-effort"
    assert len(set(topics(decision))) == 3


def test_a_likely_red_flag_refers(catalogue: Catalogue, policy: Policy) -> None:
    """Safety entries that hold enough together lead, even behind a sure answer."""
    decision = policy.decide(ranking(catalogue, frequency=0.65, safety_pain=0.31))
    assert isinstance(decision, Refer)
    assert topics(decision)[0] == "safety-pain"


def test_a_small_chance_of_a_red_flag_answers(catalogue: Catalogue, policy: Policy) -> None:
    """Below its threshold, a safety entry behind the first changes nothing."""
    decision = policy.decide(ranking(catalogue, frequency=0.8, safety_pain=0.1))
    assert isinstance(decision, Answer)


def test_enough_of_a_red_flag_refers(catalogue: Catalogue, policy: Policy) -> None:
    """A safety entry that is likely enough refers, even behind an outside field."""
    enough = ranking(catalogue, outside=0.5, field="food", safety_age=0.35)
    assert isinstance(policy.decide(enough), Refer)


def test_a_trace_of_a_red_flag_does_not_refer(catalogue: Catalogue, policy: Policy) -> None:
    """A safety entry below the threshold does not refer, even if it leads."""
    trace = ranking(catalogue, outside=0.2, field="food", safety_age=0.25)
    assert not isinstance(policy.decide(trace), Refer)


def test_a_referral_may_open_what_was_asked(catalogue: Catalogue, policy: Policy) -> None:
    """Beside a calm red flag, what was asked for is kept for later."""
    entry = named(catalogue, "safety-pregnancy")
    decision = policy.refer(entry, ranking(catalogue, sets_reps_effort=0.6, frequency=0.1))
    assert topics(decision) == ["safety-pregnancy", "sets-reps-effort"]


def test_a_referral_opens_nothing_doubtful(catalogue: Catalogue, policy: Policy) -> None:
    """If no calm entry holds most of the chances, none is offered."""
    entry = named(catalogue, "safety-pregnancy")
    doubtful = ranking(catalogue, sets_reps_effort=0.2, frequency=0.2, pairing=0.2)
    assert topics(policy.refer(entry, doubtful)) == ["safety-pregnancy"]


def test_an_emergency_offers_nothing_else(catalogue: Catalogue, policy: Policy) -> None:
    """An emergency stands alone, whatever else was asked."""
    entry = named(catalogue, "safety-emergency")
    decision = policy.refer(entry, ranking(catalogue, sets_reps_effort=0.9))
    assert topics(decision) == ["safety-emergency"]


def test_several_sure_questions_are_answered_in_order(catalogue: Catalogue, policy: Policy) -> None:
    """Each sure question of a message gets its answer, in the order asked."""
    decision = policy.several([ranking(catalogue, pairing=0.9), ranking(catalogue, frequency=0.8)])
    assert decision is not None
    assert topics(decision) == ["pairing", "frequency"]


def test_the_same_question_twice_is_not_several(catalogue: Catalogue, policy: Policy) -> None:
    """Two questions with one answer are one question."""
    assert policy.several([ranking(catalogue, pairing=0.9)] * 2) is None


def test_unsure_questions_are_not_several(catalogue: Catalogue, policy: Policy) -> None:
    """One sure question among unsure ones isn't several."""
    unsure = ranking(catalogue, frequency=0.4, progression=0.3)
    assert policy.several([ranking(catalogue, pairing=0.9), unsure]) is None


def test_talk_is_none_of_several(catalogue: Catalogue, policy: Policy) -> None:
    """A greeting beside a question doesn't make two."""
    both = [ranking(catalogue, greeting=0.9), ranking(catalogue, pairing=0.9)]
    assert policy.several(both) is None


@pytest.mark.parametrize(("joined", "answered"), [(True, ["pairing", "frequency"]), (False, [])])
def test_what_only_commas_part_must_be_in_sight(
    catalogue: Catalogue, policy: Policy, *, joined: bool, answered: list[str]
) -> None:
    """A clause far from what the whole message says counts only if a word joins it."""
    whole = ranking(catalogue, pairing=0.99, frequency=0.001)
    clauses = [ranking(catalogue, pairing=0.95), ranking(catalogue, frequency=0.95)]
    decision = policy.clauses(clauses, 2, whole, joined=joined)
    assert answered == (topics(decision) if decision else [])


def test_too_many_questions_are_dropped_aloud(catalogue: Catalogue, policy: Policy) -> None:
    """More questions than one message can answer: the first ones, and the decision says so."""
    questions = [
        ranking(catalogue, pairing=0.9),
        ranking(catalogue, frequency=0.9),
        ranking(catalogue, progression=0.9),
        ranking(catalogue, beginners=0.9),
    ]
    decision = policy.several(questions)
    assert decision is not None
    assert topics(decision) == ["pairing", "frequency", "progression"]
    assert decision.dropped


def test_the_match_names_the_runner_up(catalogue: Catalogue) -> None:
    """The evidence holds the first candidate's phrasing, the second's uid, and the lead."""
    match = match_of(ranking(catalogue, frequency=0.7, pairing=0.2))
    expected = (named(catalogue, "frequency").ask, named(catalogue, "pairing").uid)
    assert expected == (match.phrase, match.runner_up)
    assert match.margin == pytest.approx(0.5)


def test_an_answer_tells_what_was_compared(catalogue: Catalogue, policy: Policy) -> None:
    """The rule of a sure answer holds confidence, margin and outside beside their limits."""
    decision = policy.decide(ranking(catalogue, outside=0.02, frequency=0.8, progression=0.1))
    expected = (
        "confidence 0.80 >= floor 0.60; margin 0.70 >= least margin 0.10; "
        "first 0.80 >= outside 0.02"
    )
    assert expected == decision.rule


@pytest.mark.parametrize(
    ("begins", "outside", "chances"),
    [
        ("red flag: safety 0.31 >= refer 0.30", 0.0, {"frequency": 0.65, "safety_pain": 0.31}),
        ("offer: the first 3 hold 0.80 >= 0.40", 0.0, {"frequency": 0.5, "pairing": 0.3}),
        ("outside: confidence 0.05 < floor 0.60", 0.9, {"frequency": 0.05}),
        ("not sure enough: confidence 0.20 < floor 0.60", 0.0, {"frequency": 0.2}),
    ],
)
def test_every_branch_names_its_rule(
    catalogue: Catalogue, policy: Policy, begins: str, outside: float, chances: dict[str, float]
) -> None:
    """A referral, an offer and both ways of declining each begin with the rule that led there."""
    field = "food" if outside else ""
    decision = policy.decide(ranking(catalogue, outside=outside, field=field, **chances))
    assert begins == decision.rule[: len(begins)]


def test_a_screen_is_named(catalogue: Catalogue, policy: Policy) -> None:
    """A referral that a screen asked for names the screen."""
    entry = named(catalogue, "safety-pain")
    decision = policy.refer(entry, ranking(catalogue, frequency=0.8), because="screen numb-leg")
    assert decision.rule == "red flag: screen numb-leg"


def test_the_rule_is_no_part_of_what_is_said(catalogue: Catalogue) -> None:
    """Decisions that say the same are equal, whatever led to them."""
    menu = Menu(catalogue.knowledge.primary.id)
    assert replace(menu, rule="opened: menu") == menu


def test_a_follow_up_names_what_it_follows(catalogue: Catalogue, policy: Policy) -> None:
    """The rule of a follow-up begins with the entry that it was read after."""
    alone, joined = ranking(catalogue, frequency=0.3), ranking(catalogue, frequency=0.8)
    decision = policy.follow(alone, joined, named(catalogue, "frequency"))
    assert decision is not None
    assert decision.rule.startswith("follow-up on hip-thrust/frequency; confidence 0.80")
