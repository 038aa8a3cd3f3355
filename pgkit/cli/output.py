"""What a command says and where: results on stdout, findings on stderr, the exit code to the shell."""

import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from attrs import frozen

from pgkit.diag import Diagnostic, PgkitError, Severity

Format = Literal["text", "json", "github"]
BAD_INPUT, BUG, INTERRUPTED, BROKEN_PIPE = 3, 70, 130, 141
ISSUES = "report it with what you ran; PGKIT_DEBUG=1 shows where it happened"
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


@frozen(kw_only=True)
class Outcome:
    """What a command found: for people, for programs, and for the shell."""

    text: str = ""
    result: Any = None
    findings: tuple[Diagnostic, ...] = ()
    exit_code: int = 0


@frozen
class Command:
    """A command with its arguments, ready to be executed."""

    name: str
    format: Format
    work: Callable[[], Coroutine[Any, Any, Outcome]]


def execute(command: Command) -> int:
    """Does the work and tells of it. What is wrong with the input becomes findings and an exit code."""
    import asyncio

    try:
        outcome = asyncio.run(_interruptible(command.work()))
    except asyncio.CancelledError:
        return INTERRUPTED
    except PgkitError as error:
        outcome = Outcome(findings=error.diagnostics, exit_code=error.exit_code)
    except Exception as error:
        outcome = _refused(error)
    if command.format == "json":
        _print(as_json(command.name, outcome))
    else:
        tell(outcome.findings)
        _print(outcome.text)
    return outcome.exit_code


def _refused(error: Exception) -> Outcome:
    """What Postgres says against a statement of ours; anything else is raised again, as the bug it is."""
    from pgkit.runtime.connect import SqlError

    if not isinstance(error, SqlError):
        raise error
    return Outcome(findings=(Diagnostic("sql-failed", str(error), help=error.hint),), exit_code=BAD_INPUT)


async def _interruptible(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Has SIGTERM and SIGHUP stop the work as Ctrl-C does, so that scratch databases are dropped."""
    import asyncio
    import signal

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for name in ("SIGTERM", "SIGHUP") if sys.platform != "win32" else ():
        number = getattr(signal, name)
        if task is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup has it ignored
            loop.add_signal_handler(number, task.cancel)
    return await work


def tell(findings: tuple[Diagnostic, ...]) -> None:
    """Prints findings on stderr, in colour on a terminal."""
    paint = _painted if colour(sys.stderr) else Diagnostic.render
    for finding in findings:
        print(paint(finding), file=sys.stderr)


def as_json(command: str, outcome: Outcome) -> str:
    """The stable form for programs."""
    import json

    findings = [finding_json(f) for f in outcome.findings]
    body = {"pgkit": 1, "command": command, "findings": findings, "result": outcome.result}
    return json.dumps(body, indent=2, ensure_ascii=False)


def finding_json(finding: Diagnostic) -> dict[str, Any]:
    """A finding as JSON; line and column count from one."""
    line, column = finding.span.line_col() if finding.span else (None, None)
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "file": finding.span.source.name if finding.span else finding.where or None,
        "line": line,
        "column": column,
        "help": finding.help,
    }


def colour(stream: Any) -> bool:
    """Whether colour is welcome: on a terminal, unless NO_COLOR or a dumb terminal says otherwise."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and stream is not None and bool(stream.isatty())


def bug(error: Exception, argv: list[str]) -> int:
    """Owns up to a crash: one that looks like a finding would mislead a gate."""
    if os.environ.get("PGKIT_DEBUG"):
        import traceback

        text = "".join(traceback.format_exception(error))
        print(without_secrets(text, argv), file=sys.stderr)
    message = without_secrets(f"{type(error).__name__}: {error}".strip().rstrip(":"), argv)
    tell((Diagnostic("bug", f"pgkit has a bug: {message}", help=ISSUES),))
    return BUG


def without_secrets(text: str, argv: list[str]) -> str:
    """`text` without the passwords in the arguments and the environment, and in the files that these name."""
    from pgkit.runtime.hiding import hide

    return hide(text, (*argv, os.environ.get("PGKIT_SERVER", "")), os.environ)


def _print(text: str) -> None:
    if text:
        print(text, end="" if text.endswith("\n") else "\n", flush=True)


def _painted(finding: Diagnostic) -> str:
    first, *rest = finding.render().split("\n")
    head, _, message = first.partition(": ")
    bold = f"\x1b[1;{_COLOURS[finding.severity]}m{head}\x1b[0m: \x1b[1m{message}\x1b[0m"
    shown = [line.replace("help:", "\x1b[36mhelp:\x1b[0m", 1) if _is_help(line) else line for line in rest]
    return "\n".join((bold, *shown))


def _is_help(line: str) -> bool:
    return line.startswith("  help:")
