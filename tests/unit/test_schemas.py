"""JSON Schemas of the YAML files say what the models say."""

import json
import re
from os.path import relpath
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from bot.commands.schemas import schemas, write_schemas
from bot.knowledge.files import FILES
from bot.knowledge.loader import load
from bot.settings import REPOSITORY, Settings
from tests.conftest import QUESTIONS, SMALL, TODAY

KNOWLEDGE = REPOSITORY / "knowledge"
SHIPPED = KNOWLEDGE / "schemas"
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


class Plain(yaml.SafeLoader):
    """Reads YAML as editors do: a date is a text."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def kind_of(path: Path) -> str:
    """Return the kind of a YAML file by where it stands."""
    if path.parent.name in ("guides", "questions"):
        return path.stem if path.stem == "known_failures" else "questions"
    if path.parent.name == "phrasings":
        return "phrasings"
    if path.parent.name == "answers" or path.stem == "terms":
        return "answers"
    return path.stem.partition(".")[0]


FILES_READ = [
    path
    for folder in (KNOWLEDGE, SMALL, QUESTIONS, REPOSITORY / "tests" / "guides")
    for path in sorted(folder.rglob("*.yaml"))
]
"""Every YAML file that ships, and those of the small guide."""


def shown(path: Path) -> str:
    """Return a file's name for the list of tests."""
    return path.relative_to(REPOSITORY).as_posix()


def validator(kind: str) -> jsonschema_rs.Validator:
    """Return what holds data against the schema of a kind."""
    return jsonschema_rs.validator_for(json.loads((SHIPPED / f"{kind}.json").read_text("utf-8")))


def data_of(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.load(path.read_text("utf-8"), Plain)  # noqa: S506 - a safe loader


def test_the_schemas_are_the_models() -> None:
    """Every schema that ships is what the models give now: else run `run_bot.py schemas`."""
    shipped = {path.name: path.read_text("utf-8") for path in SHIPPED.iterdir()}
    assert schemas() == shipped


@pytest.mark.parametrize("path", FILES_READ, ids=shown)
def test_a_sound_file_fits_its_schema(path: Path) -> None:
    """Every file that the models take is one that its schema takes."""
    errors = [error.message for error in validator(kind_of(path)).iter_errors(data_of(path))]
    assert [] == errors[:3]


@pytest.mark.parametrize("kind", sorted(FILES))
def test_an_unknown_key_does_not_fit(kind: str) -> None:
    """No schema but that of sources, whose keys are free, takes a key that no model has."""
    found = validator(kind).is_valid({"nonsense": 5})
    assert not found


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tea/answers/drinking.yaml", "grade: practice", "grade: certain"),
        ("tea/answers/drinking.yaml", "scope: guide", "scope: gide"),
        ("tea/answers/drinking.yaml", "reviewed: 2024-01-05", "section: talk"),
        ("tea/answers/drinking.yaml", "title: Tea at night", "tittle: Tea at night"),
        ("tea/answers/drinking.yaml", "id: tea-at-night", "id: Tea at night"),
        ("tea/terms.yaml", "ask: What is an infusion?", f"ask: {'What ' * 9}?"),
        ("tea/guide.yaml", "title: Tea", "title: [Tea]"),
        ("tea/sources.yaml", "checked: second-hand", "checked: surely"),
        ("tea/words.yaml", "keep: [oolong]", "keep: oolong"),
        ("tea/outside.yaml", "nearest: [water-heat, help]", "nearest: []"),
        ("tea/phrasings/plain.yaml", "steeping-time:", "Steeping time:"),
        ("safety.yaml", "screens:", "screams:"),
        ("voice.yaml", "why: Why?", "why:"),
    ],
)
def test_what_the_models_refuse_does_not_fit(file: str, old: str, new: str) -> None:
    """A fault that `check` would tell is one that an editor underlines."""
    path = SMALL / file
    before = path.read_text("utf-8")
    assert old in before
    planted = yaml.load(before.replace(old, new, 1), Plain)  # noqa: S506 - a safe loader
    assert not validator(kind_of(path)).is_valid(planted)


def test_no_schema_shows_what_no_author_writes() -> None:
    """Fields that the loader fills in stand in no schema."""
    entry = json.loads(schemas()["answers.json"])["$defs"]["Entry"]["properties"]
    assert set() == {"guide", "section", "origin", "phrases"} & set(entry)


@pytest.mark.parametrize("path", sorted(KNOWLEDGE.rglob("*.yaml")), ids=shown)
def test_a_file_that_ships_names_its_schema(path: Path) -> None:
    """The first line of a file, if it names a schema, names that of its kind."""
    found = MODELINE.match(path.read_text("utf-8"))
    if found is None:
        assert path.parent.name == "phrasings", "only voices may go without the line"
        return
    assert relpath(SHIPPED / f"{kind_of(path)}.json", path.parent) == found[1]


def test_writing_twice_changes_nothing(folder: Path) -> None:
    """Schemas that are up to date are not written again."""
    settings = Settings.read({"KNOWLEDGE_DIR": str(folder)})
    first, second = write_schemas(settings), write_schemas(settings)
    assert (len(schemas()), 0) == (len(first), len(second))


def test_the_folder_of_schemas_is_no_guide(folder: Path) -> None:
    """Schemas beside the guides are not taken for a guide."""
    write_schemas(Settings.read({"KNOWLEDGE_DIR": str(folder)}))
    assert ["tea"] == [guide.id for guide in load(folder, TODAY).guides]
