"""Models brought in from other tools, and a service folder taken to them.

A model makes a new folder. A folder that has a description is somebody's, and is never written over.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.errors import UnreadableFile, WrongUse
from millpond.model import dump_service
from millpond.model.toml import FILE_NAME
from millpond.process.interchange.results import ModelRead, NotKept, listing
from millpond.records.files import make_folder, refuse_others, replacing, sole_writer, write_text

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder

FORMATS = (".bpmn", ".json", ".xes")
_HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class ModelBrought:
    """What bringing a model in came to.

    Attributes:
        folder: the service folder that was made.
        model: the service, and what could not be kept.
    """

    folder: Path
    model: ModelRead

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it in sentences, and what to do next."""
        return (
            *self.model.lines,
            "",
            f"The service is in {self.folder / FILE_NAME}. What it does not say yet, a person has to. Next:",
            f"  millpond check {self.folder}",
        )

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, ready for JSON."""
        return {"folder": str(self.folder), **self.model.to_dict()}


@dataclass(frozen=True)
class Exported:
    """What was written for another tool.

    Attributes:
        files: the files.
        not_kept: what the format cannot say, each by name.
        notes: what else there is to say, in sentences.
    """

    files: tuple[Path, ...]
    not_kept: tuple[NotKept, ...]
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it in sentences."""
        written = " and ".join(str(file) for file in self.files)
        return (f"Written: {written}", *self.notes, *listing(self.not_kept))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, ready for JSON."""
        return {
            "files": [str(file) for file in self.files],
            "notes": list(self.notes),
            "not_kept": [vars(each) for each in self.not_kept],
        }


def is_model(source: str) -> bool:
    """Whether a file is a model of a process and not a file of records: by what is in it."""
    if "://" in source:
        return False
    try:
        with Path(source).open("rb") as file:
            head = file.read(_HEAD_BYTES)
            if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
                head += file.read()[: 50 * _HEAD_BYTES]
    except OSError:
        return False
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"<":
        return b"omg.org/spec/BPMN/" in head
    return start[:1] == b"{" and b'"task_resource_distribution"' in head


def bring_model(
    source: str | Path, folder: Path, diagram: Path | None = None, settings: Mapping[str, Any] | None = None
) -> ModelBrought:
    """Makes a service folder of a model.

    Args:
        source: a BPMN model, or the simulation parameters of Prosimos.
        folder: the service folder; made where it is missing.
        diagram: the BPMN model that simulation parameters belong to. Default: the file of the same name beside them
            that ends in ``.bpmn``.
        settings: keys of service.toml besides: ``name``, ``timezone``, ``holidays``.

    Raises:
        UnreadableFile: a file is missing, damaged, or not what its name says.
        WrongUse: the folder has a description already.
        FaultyService: what the model describes is no service.
        CannotWrite: the folder cannot be written to.
    """
    from millpond.process.interchange.bpmn_in import read_bpmn
    from millpond.process.interchange.prosimos_in import is_prosimos, read_prosimos
    from millpond.process.interchange.safe_xml import read_bounded

    file = Path(source)
    described = folder / FILE_NAME
    if described.exists():
        raise WrongUse(
            f"{described} is yours and is not written over. Bring the model into a new folder, and copy from it what "
            "you want to have."
        )
    content = read_bounded(file, "model")
    if is_prosimos(content):
        model_file = diagram or file.with_suffix(".bpmn")
        if not model_file.is_file():
            raise UnreadableFile(
                f"{file} holds simulation parameters, and the BPMN model that they belong to is not at {model_file}. "
                "Put it there, or name it with --diagram FILE."
            )
        model = read_prosimos(content, read_bounded(model_file, "model"), file.name, model_file.name, settings)
    elif diagram is not None:
        raise WrongUse(f"--diagram belongs to the simulation parameters of Prosimos, and {file} is none. Leave it out.")
    else:
        model = read_bpmn(content, file.name, settings)
    text = "".join(f"# {line}\n" if line else "#\n" for line in model.lines) + "\n" + dump_service(model.service)
    make_folder(folder)
    with sole_writer(folder):
        if described.exists():
            raise WrongUse(f"{described} was made meanwhile, and is not written over. Choose another folder.")
        write_text(described, text)
    return ModelBrought(folder, model)


def export(folder: MeasuredFolder, target: str | Path) -> Exported:
    """Writes a service folder for another tool; the ending of the file's name says in which format.

    Args:
        folder: the service folder.
        target: a file that ends in ``.bpmn`` (BPMN 2.0 with its diagram), ``.json`` (the simulation parameters of
            Prosimos, with their model in ``.bpmn`` beside them) or ``.xes`` (the visits).

    Raises:
        WrongUse: another ending, or a model is there that another tool wrote.
        UnreadableFile: visits are wanted, and the folder has none.
        CannotWrite: the file cannot be written.
    """
    from millpond.process.interchange.bpmn_out import BPMN_MARK, PROSIMOS_MARK, write_bpmn
    from millpond.process.interchange.prosimos_out import write_prosimos

    file = Path(target)
    kind = file.suffix.lower()
    if kind in (".bpmn", ".json"):
        refuse_others(file.with_suffix(".bpmn"), BPMN_MARK)
        _refuse_the_other_drawing(file.with_suffix(".bpmn"), PROSIMOS_MARK, for_prosimos=kind == ".json")
    if kind == ".json":
        refuse_others(file, b'"task_resource_distribution"')
    if kind == ".bpmn":
        content, not_kept = write_bpmn(folder.service)
        with replacing(file) as unfinished:
            unfinished.write_bytes(content)
        note = "What BPMN cannot say is noted in the file, so that importing it gives this service again."
        return Exported((file,), not_kept, (note,))
    if kind == ".json":
        text, model, not_kept = write_prosimos(folder.service)
        beside = file.with_suffix(".bpmn")
        with replacing(beside) as unfinished:
            unfinished.write_bytes(model)
        write_text(file, text)
        return Exported((file, beside), not_kept)
    if kind == ".xes":
        return _visits(folder, file)
    raise WrongUse(
        f"{file} does not say in which format: its name should end in .bpmn (a model with its diagram), "
        ".json (Prosimos) or .xes (the visits)."
    )


def _refuse_the_other_drawing(file: Path, mark: bytes, *, for_prosimos: bool) -> None:
    """The drawing of a service and its model for Prosimos, which says less, do not take each other's place."""
    if not file.is_file() or (mark in file.read_bytes()[:_HEAD_BYTES]) == for_prosimos:
        return
    there, new = "the drawing of a service", "its model for Prosimos, which says less,"
    if not for_prosimos:
        there, new = "the model that a .json for Prosimos belongs to", "the drawing of the service"
    raise WrongUse(f"{file} is {there}, and {new} would take its place. Name another file.")


def _visits(folder: MeasuredFolder, file: Path) -> Exported:
    from millpond.process.interchange.xes_out import write_xes

    visits = folder.log().visits
    with contextlib.ExitStack() as stack:
        unfinished = stack.enter_context(replacing(file, private=True))
        written, notes = write_xes(visits, unfinished, folder.service.zone, name=folder.service.name)
    count = f"{written:,} visit{'' if written == 1 else 's'}, readable by you alone."
    return Exported((file,), (), (count, *notes))
