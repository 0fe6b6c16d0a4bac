"""The command line. Commands are imported when they are called, so that help needs no SymPy."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from ...symbolic.errors import QuenchedError

_COMMANDS = {
    "list": "the derivations, their status and their results",
    "show": "the steps of one derivation with rule, inputs, verdict and evidence",
    "check": "run the checks of derivations (all by default)",
    "evaluate": "certified digits of a result at an exact point",
    "render": "write derivations as TeX, PDF, HTML, Markdown or JSON",
    "graph": "the graph of steps and assumptions, as DOT",
    "plot": "figures of a derivation, one column wide, ready for a paper",
    "simulate": "theory against finite-size simulation, with z-scores",
    "conserved": "conserved quantities of gradient flow of a network or parametrisation",
}


class _Lazy(click.Group):
    """Looks a command up in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f".commands.{cmd_name}_", __package__)
        return module.command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from ...symbolic.errors import UnknownName

            raise click.UsageError(str(UnknownName("command", args[0], _COMMANDS)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"quenched {version('quenched')}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Print the version."
)
def quenched() -> None:
    """Derive, check, certify and typeset the equations of high-dimensional learning theory.

    Exit codes: 0 fine; 1 a check failed; 2 bad input; 3 undecided steps remain; 4 not certified to the digits asked.
    """


def main() -> None:
    """Run the command line; an error of the project's family becomes one message and its exit code."""
    try:
        # Without standalone mode click hands the exit code back as the value.
        code = quenched.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except QuenchedError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
