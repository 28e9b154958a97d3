"""`schemas`: JSON Schema of every kind of YAML file, from the models that read it."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from bot.evaluation.questions import DialogueItem, FailuresFile, QuestionItem, QuestionsFile
from bot.knowledge.files import FILES, SCHEMAS
from bot.knowledge.schema import INTERNAL
from bot.settings import Settings

_DRAFT = "Draft"
_PATTERNS = "patternProperties"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _LabelledFile(QuestionsFile):
    """``tests/guides/<guide>.yaml``: questions that judge a guide, and what each must get."""

    questions: tuple[QuestionItem, ...]
    dialogues: tuple[DialogueItem, ...] = ()


_ALL: dict[str, type[BaseModel]] = {
    **FILES,
    "known_failures": FailuresFile,
    "questions": _LabelledFile,
}


class _Written(GenerateJsonSchema):
    """Leaves out the fields that come from elsewhere than the file, and is strict with keys."""

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """Return the schema of a model as authors write it."""
        written = super().model_schema(schema)
        if "origin" in written.get("properties", {}):
            for name in INTERNAL.intersection(written["properties"]):
                del written["properties"][name]
        return written

    def union_schema(self, schema: core_schema.UnionSchema) -> dict[str, Any]:
        """Return the schema of a union; a todo tells drafts from entries, for clear messages."""
        written = super().union_schema(schema)
        match written.get("anyOf"):
            case [draft, entry] if _DRAFT in json.dumps(draft):
                return {"if": {"required": ["todo"]}, "then": draft, "else": entry}
        return written

    def dict_schema(self, schema: core_schema.DictSchema) -> dict[str, Any]:
        """Return the schema of a mapping; a key that has not the right shape fits none."""
        written = super().dict_schema(schema)
        return {**written, "additionalProperties": False} if _PATTERNS in written else written


def schemas() -> dict[str, str]:
    """Return every schema as JSON text, by the name of its file."""
    return {f"{kind}.json": _schema(model) for kind, model in _ALL.items()}


def write_schemas(settings: Settings) -> list[Path]:
    """Write the schemas beside the guides; return the files that changed."""
    folder = settings.knowledge_dir / SCHEMAS
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in schemas().items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def _schema(model: type[BaseModel]) -> str:
    """Return the schema of one kind of file."""
    whole = model.model_json_schema(schema_generator=_Written)
    kept = _used({"$schema": _DIALECT, **whole})
    return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


def _used(schema: dict[str, Any]) -> dict[str, Any]:
    """Return `schema` without definitions that nothing in it names any more."""
    definitions = schema.get("$defs", {})
    while True:
        text = json.dumps(schema)
        unused = [name for name in definitions if f'"#/$defs/{name}"' not in text]
        if not unused:
            return schema
        for name in unused:
            del definitions[name]
