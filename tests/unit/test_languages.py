"""Voices in several languages: chosen by what is written, then by what the person's app speaks."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.app.composition import load_all
from bot.channels.keeper import Keeper
from bot.cli import main
from bot.conversation.dialogue import Dialogue
from bot.conversation.languages import Tongues
from bot.conversation.model import Question, Reply, Session, Target
from bot.conversation.records import NOBODY, Profile, Speaker
from bot.conversation.safety import SafetyScreen
from bot.errors import KnowledgeError
from bot.knowledge.loader import load, load_language
from bot.knowledge.model import Knowledge
from bot.settings import REPOSITORY, Settings
from bot.stores.bundle import in_memory
from tests.conftest import SMALL, TODAY, needs_shared
from tests.e2e.wire import FakeWire, Talk, load_validator, message, started

SPANISH = replace(NOBODY, language="es")
ASK = "how long should I leave the leaves in"
PREGUNTA = "cuánto tiempo dejo las hojas en el agua"
NO_GUIDE = "Mis guías están en inglés:"
QUEMADURA = "me he quemado el brazo con el agua"
REFERRED = "Enfría la quemadura."


def spanish(voice: dict[str, Any]) -> dict[str, Any]:
    """Return the small voice as Spanish has it, as far as tests look at it."""
    voice["language"] = {
        "code": "es",
        "telling": ["el", "la", "las", "que", "cuánto", "con", "me", "en", "de", "por", "gracias"],
    }
    voice["say"] |= {"evidence": "Evidencia: {grade}.", "other_language": NO_GUIDE}
    voice["followups"] |= {"why": ["por qué"]}
    for entry in voice["entries"]:
        entry |= {"title": f"{entry['title']} (es)", "names": []}
    voice["entries"][0]["names"] = ["hola"]
    return voice


def write(path: Path, data: object) -> None:
    """Write data as YAML."""
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


def add_spanish(folder: Path) -> Path:
    """Add a Spanish voice and red flags to a copy of the small guide; return the folder."""
    write(folder / "voice.es.yaml", spanish(yaml.safe_load((folder / "voice.yaml").read_text())))
    flags = yaml.safe_load((folder / "safety.yaml").read_text())
    flags["sources"] = {}
    screen = {"id": "es-quemadura", "opens": "safety-emergency", "phrases": ["me he quemado"]}
    flags |= {"words": {}, "idioms": [], "screens": [screen]}
    entry = next(one for one in flags["entries"] if one["id"] == "safety-emergency")
    key = entry["sources"][0]
    entry |= {"answer": f"{REFERRED} [{key}]", "more": "", "sources": [key]}
    flags["entries"] = [entry]
    write(folder / "safety.es.yaml", flags)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small guide and a Spanish voice."""
    folder = tmp_path_factory.mktemp("languages") / "knowledge"
    shutil.copytree(SMALL, folder)
    return add_spanish(folder)


def dialogue_of(folder: Path) -> Dialogue:
    """Return the Dialogue over a folder."""
    settings = {"KNOWLEDGE_DIR": str(folder), "CACHE_DIR": str(folder.parent / "cache")}
    return load_all(Settings.read(settings)).dialogue


@pytest.fixture(scope="module")
def talk(home: Path) -> Dialogue:
    """Return the Dialogue over both languages."""
    return dialogue_of(home)


def said(
    talk: Dialogue, text: str, profile: Profile = NOBODY, session: Session | None = None
) -> Reply:
    """Return the reply to a text."""
    return talk.respond(Question(text), session or Session(), profile).reply


# telling languages apart


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do I set up the bench", "en"),
        ("cómo coloco el banco para el ejercicio", "es"),
        ("hip thrust vs squat", ""),
        ("gracias", "es"),
        ("", ""),
        ("la the", ""),
    ],
)
def test_the_language_of_a_text(text: str, expected: str) -> None:
    """Small words tell the language; a text without any, or with as many of both, tells none."""
    english = ["how", "do", "i", "the", "up", "my"]
    spanish = ["cómo", "el", "la", "para", "gracias"]
    assert expected == Tongues({"en": english, "es": spanish}).of(text)


# who answers


def test_a_question_in_a_language_without_a_guide(talk: Dialogue) -> None:
    """It is answered in that language: with what the bot can do, and what people ask most."""
    reply = said(talk, PREGUNTA)
    assert ("abstain", True) == (reply.decision, reply.text.startswith(NO_GUIDE))
    assert "tea/steeping-time" in reply.topics


def test_a_question_in_the_guide_s_language_from_a_spanish_app(talk: Dialogue) -> None:
    """Whose app speaks Spanish but who asks in English is answered from the guide, in its words."""
    reply = said(talk, "how hot should the water be", SPANISH)
    assert "tea/water-heat" in reply.topics
    assert "Evidencia: " in reply.text


@pytest.mark.parametrize("tag", ["", "de", "en-GB", "xx-unknown"])
def test_any_other_app_gets_the_first_language(talk: Dialogue, tag: str) -> None:
    """A language that has no voice falls back to the first one."""
    reply = said(talk, "how hot should the water be", replace(NOBODY, language=tag))
    assert "Evidence: " in reply.text


@pytest.mark.parametrize("tag", ["es", "es-MX", "ES"])
def test_a_tag_with_a_region(talk: Dialogue, tag: str) -> None:
    """Only the language of a tag counts."""
    assert "es" == talk.speaking(tag).language


def test_a_red_flag_in_spanish(talk: Dialogue) -> None:
    """A red flag is known in its own language, whatever the app speaks, and answered in it."""
    reply = said(talk, QUEMADURA)
    assert ("refer", True) == (reply.decision, REFERRED in reply.text)


def test_a_red_flag_of_one_word(talk: Dialogue) -> None:
    """A red flag too short to tell its language by is known all the same."""
    reply = said(talk, "me he quemado")
    assert REFERRED in reply.text


def test_a_red_flag_in_english_from_a_spanish_app(talk: Dialogue) -> None:
    """The first language's red flags hold for everybody; the reply is in the app's language."""
    text = next(
        phrase
        for screen in talk.catalogue.knowledge.safety.screens
        for phrase in screen.phrases
        if "*" not in phrase
    )
    assert REFERRED in said(talk, text, SPANISH).text


def test_small_talk_in_spanish(talk: Dialogue) -> None:
    """A greeting in Spanish opens the Spanish greeting."""
    assert ("greeting",) == said(talk, "hola", SPANISH).topics


def test_a_follow_up_in_spanish(talk: Dialogue) -> None:
    """A Spanish "why?" shows why the last answer was given."""
    reply = said(talk, "por qué", SPANISH, Session(last="tea/water-heat"))
    assert ("answer", ("tea/water-heat",)) == (reply.decision, reply.topics)


def test_a_button_speaks_the_app_s_language(talk: Dialogue) -> None:
    """What a button opens is shown in the words of the person's language."""
    reply = talk.open(Target("", "tea/water-heat"), Session(), SPANISH).reply
    assert "Evidencia: " in reply.text


async def test_a_person_s_own_choice_counts_more() -> None:
    """A language that a person set counts more than that of their app."""
    keeper, me = Keeper(in_memory()), Speaker("telegram:1", "telegram:1")
    await keeper.memory.profiles.set("telegram:1", language="de")
    assert "de" == (await keeper.recall(me, "es")).profile.language


async def test_telegram_tells_the_language(talk: Dialogue) -> None:
    """The private chat speaks the language that a person's Telegram is set to."""
    wire = FakeWire(load_validator(needs_shared("bot_api")))
    application = started(talk, wire)
    async with application:
        update = message(text="how hot should the water be")
        update["message"]["from"]["language_code"] = "es"
        sent = await Talk(application, wire).give(update)
    assert "Evidencia: " in sent[-1].params["text"]


# guides in a language


def test_a_guide_in_spanish(folder: Path) -> None:
    """A guide's folder for a language answers who writes it, instead of the first one's."""
    add_spanish(folder)
    shutil.copytree(folder / "tea", folder / "tea.es")
    shutil.copytree(folder / "phrasings", folder / "phrasings.es")
    flags = yaml.safe_load((folder / "safety.es.yaml").read_text("utf-8"))
    write(folder / "safety.es.yaml", flags)
    path = folder / "tea.es" / "answers" / "drinking.yaml"
    text = path.read_text("utf-8").replace("It can, and black tea", "Puede, y el té negro")
    path.write_text(text, "utf-8")
    talk = dialogue_of(folder)
    assert "Puede, y el té negro" in said(talk, "will tea keep me awake", SPANISH).text
    assert "It can, and black tea" in said(talk, "will tea keep me awake").text


# faults


def problems(folder: Path) -> str:
    """Return what loading the Spanish part says."""
    with pytest.raises(KnowledgeError) as caught:
        load_language(folder, TODAY, "es", load(folder, TODAY))
    return str(caught.value)


def change(path: Path, old: str, new: str) -> None:
    """Replace what stands in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("file", "fault", "told"),
    [
        ("voice", ("Evidencia: {grade}", "Evidencia: {grado}"), "has {grado}, which nothing"),
        ("voice", ("  evidence:", "  evidencia:"), "'say.evidence' is missing"),
        ("voice", ("- id: greeting", "- id: saludo"), "'saludo' translates nothing"),
        ("safety", ("opens: safety-emergency", "opens: nada"), "opens nothing: nada"),
        ("safety", (f"{REFERRED} [", f"{REFERRED} [no-"), "does not exist"),
    ],
)
def test_a_fault_in_another_language(
    folder: Path, file: str, fault: tuple[str, str], told: str
) -> None:
    """A fault in a language's files is told like any other."""
    add_spanish(folder)
    change(folder / f"{file}.es.yaml", *fault)
    assert told in problems(folder)


def test_check_reads_every_language(folder: Path) -> None:
    """`check` tells faults in every language's files."""
    add_spanish(folder)
    change(folder / "voice.es.yaml", "Evidencia: {grade}", "Evidencia: {grado}")
    result = CliRunner().invoke(main, ["check"], env={"KNOWLEDGE_DIR": str(folder)})
    assert (1, True) == (result.exit_code, "voice.es.yaml" in result.stdout)


# what ships


@pytest.fixture(scope="module")
def first() -> Knowledge:
    """Return the knowledge that ships, in its first language."""
    return load(REPOSITORY / "knowledge", TODAY, ())


@pytest.fixture(scope="module")
def shipped(first: Knowledge) -> Knowledge:
    """Return the knowledge that ships, in Spanish."""
    return load_language(REPOSITORY / "knowledge", TODAY, "es", first)


def test_everything_shared_is_translated(first: Knowledge, shipped: Knowledge) -> None:
    """Small talk and safety replies have a Spanish text each, no English one is left."""
    same = {a.id for a, b in zip(first.shared, shipped.shared, strict=True) if a.answer == b.answer}
    assert set() == same


def test_every_command_is_there_in_spanish(first: Knowledge, shipped: Knowledge) -> None:
    """The Spanish voice has the same commands, opening the same."""
    expected = [(item.command, item.opens) for item in first.voice.commands]
    assert expected == [(item.command, item.opens) for item in shipped.voice.commands]


def test_safety_replies_open_the_same(first: Knowledge, shipped: Knowledge) -> None:
    """A Spanish safety reply's options lead where the English one's lead."""

    def opened(knowledge: Knowledge) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (entry.id, tuple(option.opens for option in entry.checkpoint.options))
            for entry in knowledge.shared
            if entry.checkpoint
        ]

    assert opened(first) == opened(shipped)


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("no siento las piernas desde ayer", "safety-emergency"),
        ("se me ha dormido la entrepierna", "safety-emergency"),
        ("desde el entreno no controlo la orina", "safety-emergency"),
        ("me oprime el pecho al hacer fuerza", "safety-emergency"),
        ("tengo un dolor fuerte en el pecho", "safety-emergency"),
        ("me desmayé haciendo series", "safety-emergency"),
        ("me cuesta respirar", "safety-emergency"),
        ("se me cayó la barra encima", "safety-emergency"),
        ("quiero morirme", "safety-emergency"),
        ("creo que es un infarto", "safety-emergency"),
        ("estoy embarazada de 20 semanas, ¿puedo hacerlo?", "safety-pregnancy"),
        ("he dado a luz hace dos meses", "safety-pregnancy"),
        ("me operaron de la cadera", "safety-rehab"),
        ("mi fisio me dijo que no cargara peso", "safety-rehab"),
        ("tengo una hernia discal", "safety-pain"),
        ("me duele la rodilla cuando bajo", "safety-pain"),
        ("noto un pinchazo en la ingle", "safety-pain"),
        ("hormigueo en el pie derecho", "safety-pain"),
        ("tengo osteoporosis", "safety-age"),
        ("mi hija de 13 años quiere hacerlo", "safety-age"),
        ("tengo 72 años", "safety-age"),
        ("tengo la tensión alta", "safety-age"),
    ],
)
def test_red_flags_in_spanish(shipped: Knowledge, text: str, opens: str) -> None:
    """What Spanish speakers type of red flags is known, and leads to the right reply."""
    screen = SafetyScreen(shipped.safety).first(text)
    assert opens == (screen.opens if screen else "")


@pytest.mark.parametrize(
    "text",
    [
        "cuántas series y repeticiones hago",
        "dónde pongo los pies",
        "qué peso uso para empezar",
        "no siento el glúteo trabajar",
        "tengo agujetas en el glúteo al día siguiente",
        "es mejor que la sentadilla",
        "cuánto descanso entre series",
        "tengo 30 minutos para entrenar",
        "se puede hacer en casa con una banda",
        "qué músculos trabaja",
    ],
)
def test_harmless_spanish(shipped: Knowledge, text: str) -> None:
    """Everyday questions in Spanish raise no alarm."""
    assert SafetyScreen(shipped.safety).first(text) is None


def test_no_spanish_flag_fires_on_english(shipped: Knowledge) -> None:
    """No Spanish red flag fires on what people asked in English without any danger."""
    path = REPOSITORY / "tests" / "guides" / "hip-thrust.yaml"
    asked = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["questions"]
    screen = SafetyScreen(shipped.safety)
    calm = [one["q"] for one in asked if not str(one.get("expect", "")).startswith("['safety")]
    assert [] == [text for text in calm if screen.first(text)]
