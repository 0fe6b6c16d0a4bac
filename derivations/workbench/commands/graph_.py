"""quenched graph"""

from __future__ import annotations

import click

from ..catalogue import load
from ..console import emit, json_option

_SHAPES = {"definition": "box", "derived": "ellipse", "assumed": "octagon"}


@click.command("graph")
@click.argument("id")
@json_option
def command(id: str, as_json: bool) -> None:
    """The graph of steps and assumptions, as Graphviz DOT (or as JSON)."""
    D = load(id).derivation
    steps = [{"label": s.label, "kind": s.kind, "rule": s.rule.name if s.rule else None} for s in D]
    edges = [[source, s.label] for s in D for source in dict.fromkeys(s.inputs)]
    assumed = [[a.id, s.label] for s in D for a in s.assumptions]
    if as_json:
        emit({"id": D.id, "steps": steps, "edges": edges, "assumptions": assumed})
        return
    click.echo(f'digraph "{D.id}" {{')
    click.echo('  node [fontname="Helvetica", fontsize=10];')
    for step in steps:
        caption = step["label"] + (f"\\n{step['rule']}" if step["rule"] else "")
        click.echo(f'  "{step["label"]}" [shape={_SHAPES[step["kind"]]}, label="{caption}"];')
    for name in dict.fromkeys(a for a, _ in assumed):
        click.echo(f'  "assumption: {name}" [shape=octagon, style=filled, fillcolor=lightyellow];')
    for source, target in edges:
        click.echo(f'  "{source}" -> "{target}";')
    for name, target in assumed:
        click.echo(f'  "assumption: {name}" -> "{target}" [style=dashed];')
    click.echo("}")
