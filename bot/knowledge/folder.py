"""The files of a knowledge folder: reads them, and collects their problems on the way."""

import hashlib
from pathlib import Path

from bot.errors import KnowledgeError, Problem
from bot.knowledge.document import Document, shown_path
from bot.knowledge.remembered import DocumentMemory


class Files:
    """One knowledge folder. `all_read` tells whether every file could be read."""

    def __init__(self, folder: Path, memory: DocumentMemory) -> None:
        """Read files of `folder`, but for those that `memory` holds."""
        self._folder = folder
        self._memory = memory
        self.problems: list[Problem] = []
        self.all_read = True

    def report(self, problem: Problem) -> None:
        """Keep a problem."""
        self.problems.append(problem)

    def document(self, path: Path, *, optional: bool = False) -> Document | None:
        """Read one file; problems are reported. A missing optional file is no problem."""
        if optional and not path.exists():
            return None
        try:
            return self._memory.read(path, shown_path(path))
        except KnowledgeError as error:
            self.problems += error.problems
            self.all_read = False
            return None

    def yaml_files(self, folder: Path, *, optional: bool = False) -> list[Path]:
        """List the YAML files of a folder, sorted; a missing folder is reported."""
        if not folder.is_dir():
            if not optional:
                self.report(Problem(shown_path(folder), 1, "there is no such folder"))
            return []
        return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))

    def version(self, without: str) -> str:
        """Return a hash of every YAML file's name and content, but for those named `without`."""
        digest = hashlib.sha256()
        for path in sorted(filter(Path.is_file, self._folder.rglob("*.yaml"))):
            if path.name == without:
                continue
            digest.update(str(path.relative_to(self._folder)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]
