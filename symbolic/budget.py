"""Budgeted execution: run a function in a killable child process, so that nothing slow can hang a derivation."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What became of a budgeted call: the value, or the reason why there is none ("time" or an error text)."""

    value: Any = None
    failure: str = ""

    @property
    def finished(self) -> bool:
        return not self.failure


def run(function: Callable[..., Any], *args: Any, seconds: float) -> Outcome:
    """function(*args) within a wall-clock budget; the child is killed when it is over.

    Works for code that no signal can interrupt (FLINT, SymPy in C loops). Errors of the child come back as text.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(sender, function, args), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            return Outcome(failure=f"not finished in {seconds:g} s")
        return receiver.recv()
    except EOFError:
        return Outcome(failure="the child process ended without an answer (out of memory?)")
    finally:
        child.kill()
        child.join()
        receiver.close()


def _work(sender: Any, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        outcome = Outcome(value=function(*args))
    except Exception as error:
        outcome = Outcome(failure=f"{type(error).__name__}: {error}")
    sender.send(outcome)
    sender.close()
