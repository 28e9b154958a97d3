"""Pictures are drawn from their data, say so in the file, and are found out when they are old."""

import struct
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from bot import checking
from bot.cli import main
from bot.errors import FigureError, Problem
from bot.figures.drawing import draw
from bot.figures.gallery import draw_figures
from bot.figures.sheet import PAPER, WIDTH
from bot.figures.stamp import KEYWORD, stamp_in, stamp_of
from bot.knowledge.figure import Figure
from bot.knowledge.loader import load
from bot.knowledge.model import Knowledge
from bot.settings import REPOSITORY

TODAY = date(2100, 1, 1)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def figures(pictured: Path) -> tuple[Figure, ...]:
    """Return a figure of each kind, none of them drawn."""
    return load(pictured, TODAY).figures


def command(folder: Path, *arguments: str) -> Result:
    """Run a command of the program on a folder."""
    return CliRunner().invoke(main, [*arguments], env={"KNOWLEDGE_DIR": str(folder)})


def told(folder: Path) -> list[str]:
    """Return what `check` says of a folder's pictures."""
    return [each.message for each in checking.unfit_pictures(load(folder, TODAY))]


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# The stamp


def test_the_same_data_have_the_same_stamp(pictured: Path) -> None:
    """Read twice, a figure has one stamp."""
    first, again = (load(pictured, TODAY).figures[0] for _ in range(2))
    assert stamp_of(first) == stamp_of(again)


def test_every_figure_has_its_own_stamp(figures: tuple[Figure, ...]) -> None:
    """No two figures share a stamp."""
    assert len(figures) == len({stamp_of(figure) for figure in figures})


@pytest.mark.parametrize(
    ("old", "new"),
    [("title: Two teas", "title: Both teas"), ("minus: green", "minus: leaves"), ("80 (", "81 (")],
    ids=["title", "word", "number"],
)
def test_other_data_have_another_stamp(pictured: Path, old: str, new: str) -> None:
    """Whatever changes in a figure's entry changes its stamp."""
    path = pictured / "tea" / "figures.yaml"
    before = load(pictured, TODAY, ()).figures[0]
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert stamp_of(before) != stamp_of(load(pictured, TODAY, ()).figures[0])


def test_the_stamp_does_not_follow_the_place(pictured: Path, tmp_path: Path) -> None:
    """A figure has the same stamp wherever its folder lies and its entry stands in the file."""
    before = stamp_of(load(pictured, TODAY).figures[1])
    moved = tmp_path / "elsewhere"
    pictured.rename(moved)
    path = moved / "tea" / "figures.yaml"
    path.write_text(f"# moved\n{path.read_text('utf-8')}", "utf-8")
    assert before == stamp_of(load(moved, TODAY).figures[1])


def test_the_stamp_is_read_past_other_text() -> None:
    """Of a PNG's texts, the one with our keyword is the stamp."""
    texts = [b"Software\0else", f"{KEYWORD}\0abc".encode()]
    png = SIGNATURE + b"".join(chunk(b"tEXt", text) for text in texts) + chunk(b"IEND", b"")
    assert stamp_in(png) == "abc"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GIF89a",
        SIGNATURE,
        SIGNATURE + b"\xff" * 40,
        SIGNATURE + chunk(b"IDAT", KEYWORD.encode() + b"\0abc"),
        KEYWORD.encode() + b"\0abc",
    ],
    ids=["empty", "another format", "nothing in it", "noise", "no text", "no PNG"],
)
def test_what_has_no_stamp(raw: bytes) -> None:
    """Whatever a file holds, reading it finds a stamp or none."""
    assert stamp_in(raw) == ""


# The drawing


def test_every_kind_is_drawn_with_its_stamp(figures: tuple[Figure, ...], tmp_path: Path) -> None:
    """A figure of each kind becomes a PNG that carries the stamp of its data."""
    for figure in figures:
        draw(figure, tmp_path / figure.file)
    drawn = {figure.id: stamp_in((tmp_path / figure.file).read_bytes()) for figure in figures}
    assert {figure.id: stamp_of(figure) for figure in figures} == drawn


def test_a_picture_is_as_wide_as_a_phone_on_plain_paper(
    figures: tuple[Figure, ...], tmp_path: Path
) -> None:
    """Every picture is 1080 pixels wide, and its corners are the one background."""
    for figure in figures:
        draw(figure, tmp_path / figure.file)
        with Image.open(tmp_path / figure.file) as opened:
            last = opened.convert("RGB").tobytes()[-3:]
            assert (1080, PAPER.lower()) == (opened.width, f"#{last.hex()}")


def test_drawing_is_deterministic(figures: tuple[Figure, ...], tmp_path: Path) -> None:
    """The same data drawn twice give the same bytes."""
    for name in ("one.png", "two.png"):
        draw(figures[0], tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_words_never_leave_the_sheet(pictured: Path, tmp_path: Path) -> None:
    """A title of the greatest length is broken into lines: the margins stay empty."""
    path = pictured / "tea" / "figures.yaml"
    long = "Wide words worth wrapping: wwww www wwww"
    path.write_text(path.read_text("utf-8").replace("title: Two teas", f"title: '{long}'"), "utf-8")
    draw(load(pictured, TODAY).figures[0], tmp_path / "wide.png")
    with Image.open(tmp_path / "wide.png") as opened:
        edge = opened.convert("RGB").crop((WIDTH - 20, 0, WIDTH, opened.height))
    assert [(20 * edge.height, tuple(bytes.fromhex(PAPER[1:])))] == edge.getcolors()


def test_a_folder_that_cannot_be_written(figures: tuple[Figure, ...], tmp_path: Path) -> None:
    """Where no file can be written, the error is one line that names it."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FigureError, match=r"file/no\.png can't be written"):
        draw(figures[0], tmp_path / "file" / "no.png")


# The command


def test_the_command_draws_what_is_missing(pictured: Path) -> None:
    """After `figures`, every picture is there and up to date."""
    result = command(pictured, "figures")
    assert (0, 4) == (result.exit_code, len(result.stdout.splitlines()))
    assert told(pictured) == []


def test_the_command_leaves_alone_what_is_up_to_date(pictured: Path) -> None:
    """A second `figures` draws nothing, and says so."""
    command(pictured, "figures")
    result = command(pictured, "figures")
    assert (0, "every picture is up to date\n") == (result.exit_code, result.stdout)


def test_the_command_draws_all_when_told(pictured: Path) -> None:
    """With --all, pictures that are up to date are drawn too."""
    command(pictured, "figures")
    assert len(command(pictured, "figures", "--all").stdout.splitlines()) == 4


def test_without_the_extra_the_command_names_it(
    pictured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where matplotlib isn't installed, one line says what to install, and the status is 2."""
    for name in [each for each in sys.modules if each.startswith(("bot.figures.", "matplotlib"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(FigureError, match=r"pip install '\.\[figures\]'"):
        draw_figures(load(pictured, TODAY))
    result = command(pictured, "figures")
    expected = "drawing pictures needs the extra: pip install '.[figures]'\n"
    assert (2, "", expected) == (result.exit_code, result.stdout, result.stderr)


def test_only_drawing_needs_the_extra() -> None:
    """The program starts without matplotlib, which only drawing imports."""
    code = "import sys, bot.cli; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


# What `check` says


def test_a_picture_that_is_not_drawn(pictured: Path) -> None:
    """A missing picture is reported at the line of its file, with what to run."""
    path = pictured / "tea" / "figures.yaml"
    line = path.read_text("utf-8").split("file: two-teas.png")[0].count("\n") + 1
    message = "'two-teas.png' isn't there: run `run_bot.py figures`"
    found = list(checking.unfit_pictures(load(pictured, TODAY)))
    assert (4, Problem(str(path), line, message)) == (len(found), found[0])


def test_a_picture_older_than_its_data(pictured: Path) -> None:
    """When the data change after the drawing, `check` says what to run."""
    command(pictured, "figures")
    path = pictured / "tea" / "figures.yaml"
    path.write_text(path.read_text("utf-8").replace("minus: green", "minus: leaves"), "utf-8")
    assert ["'two-teas.png' is older than its data: run `run_bot.py figures`"] == told(pictured)


def test_a_picture_that_was_swapped(pictured: Path) -> None:
    """Another figure's picture in a figure's place is found out."""
    command(pictured, "figures")
    folder = pictured / "tea" / "figures"
    (folder / "two-teas.png").write_bytes((folder / "strength.png").read_bytes())
    assert ["'two-teas.png' is older than its data: run `run_bot.py figures`"] == told(pictured)


def test_a_picture_that_is_too_large(pictured: Path) -> None:
    """A picture of more than 150 KB is reported with its size."""
    command(pictured, "figures")
    picture = pictured / "tea" / "figures" / "two-teas.png"
    picture.write_bytes(picture.read_bytes().ljust(150_001, b"\0"))
    assert ["'two-teas.png' has 150001 bytes; at most 150000"] == told(pictured)


def test_check_reports_pictures(pictured: Path) -> None:
    """A missing picture makes `check` fail."""
    result = command(pictured, "check")
    assert (1, 4) == (result.exit_code, result.stdout.count("run `run_bot.py figures`"))


def test_a_caption_that_telegram_would_refuse(pictured: Path) -> None:
    """A caption that grows too long by its sources' labels is reported at its entry."""
    path = pictured / "tea" / "figures.yaml"
    caption = "Steep green tea for 2 minutes."
    marks = " [guide]" * 60
    text = path.read_text("utf-8").replace(caption, f"{'word ' * 178}{marks}")
    path.write_text(text, "utf-8")
    found = [each.message for each in checking.too_long(load(pictured, TODAY))]
    assert "'tea-at-night' renders to a message over 1024 characters" in found


# The pictures that ship


def test_the_guide_has_its_figures(knowledge: Knowledge) -> None:
    """Each of the four figures of the hip thrust guide is of another kind."""
    expected = {"forest", "coverage", "ladder", "checklist"}
    assert expected == {figure.kind for figure in knowledge.figures}


def test_the_pictures_that_ship_are_up_to_date(knowledge: Knowledge) -> None:
    """No picture that ships is missing, too large, or older than its data."""
    assert list(checking.unfit_pictures(knowledge)) == []


def test_no_picture_ships_without_data(knowledge: Knowledge) -> None:
    """Every PNG in the knowledge folder belongs to a figure."""
    shipped = set((REPOSITORY / "knowledge").rglob("*.png"))
    assert {figure.path for figure in knowledge.figures} == shipped
