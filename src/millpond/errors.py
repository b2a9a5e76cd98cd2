"""What a person is told when something is wrong.

Every error that a person can cause or mend is a `MillpondError`: it names the thing, the fault and the cure, and
the command line prints it without a traceback. Anything else that escapes is a defect of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


class MillpondError(Exception):
    """Something that a person can mend; the message says how.

    Attributes:
        exit_code: what the command line returns to the shell.
    """

    exit_code = 1


class WrongUse(MillpondError):
    """A command or function was asked for something that it cannot do."""

    exit_code = 2


class CannotBeKept(MillpondError):
    """A promise that no staffing keeps; the message says what was tried."""


class UnreadableFile(MillpondError):
    """A file is missing, empty, or not what its name says."""

    exit_code = 4


class CannotWrite(MillpondError):
    """The disk is full, the folder is read-only, or the target is in the way. The old file is untouched."""

    exit_code = 5


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a service.

    Attributes:
        where: the key path, such as ``steps.triage.pool``.
        what: what is wrong there.
        cure: what to do about it.
    """

    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n    {self.cure}"


class FaultyService(MillpondError):
    """A service description has faults; all of them are reported at once.

    Attributes:
        faults: each fault with its key path, what is wrong, and the cure.
    """

    exit_code = 3

    def __init__(self, faults: tuple[Fault, ...], source: str = "service.toml") -> None:
        self.faults = faults
        self.source = source
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{source} has {count}:\n" + "\n".join(str(fault) for fault in faults))
