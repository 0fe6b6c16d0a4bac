"""The look of all figures: one column of a journal, serif type, colours that colour-blind readers can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

# One column, in inches.
WIDTH = 3.4
GOLDEN = 0.72

# Okabe and Ito, Color universal design, 2008.
BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY, YELLOW, BLACK = "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000"
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)

_SETTINGS: Any = {
    "font.family": "serif",
    "font.serif": ["STIXGeneral", "DejaVu Serif"],
    "mathtext.fontset": "stix",
    "font.size": 8,
    "axes.labelsize": 9,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 1.6,
    "ytick.minor.size": 1.6,
    "lines.linewidth": 1.2,
    "lines.markersize": 3,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "legend.borderaxespad": 0.3,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "quenched",
    "savefig.dpi": 600,
}
# No clock and no version in a file, so that the same input gives the same bytes.
_METADATA = {
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}


@contextmanager
def styled() -> Iterator[None]:
    """The settings, for as long as a figure is drawn; the user's own are left as they were."""
    with matplotlib.rc_context(_SETTINGS):
        yield


def canvas(height: float = GOLDEN) -> tuple[Any, Any]:
    """(figure, axes) of one column; height as a share of the width. No global state, no window."""
    figure = Figure(figsize=(WIDTH, WIDTH * height), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)  # type: ignore[union-attr]
    return figure, figure.add_subplot()


def panels(rows: int, columns: int, height: float, **options: Any) -> tuple[Any, Any]:
    """(figure, axes as an array) of one column with several panels; options as in `Figure.subplots`."""
    figure = Figure(figsize=(WIDTH, WIDTH * height), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0.02)  # type: ignore[union-attr]
    return figure, figure.subplots(rows, columns, **options)


def between(low: float, high: float, value: float) -> Any:
    """A colour from vermilion (low) over dark grey (0) to blue (high); small values of either sign are told apart."""
    share = (value / high if value > 0 else value / low) ** 0.5
    middle, end = to_rgb("#404040"), to_rgb(BLUE if value > 0 else VERMILION)
    return tuple((1 - share) * x + share * y for x, y in zip(middle, end))


def saved(figure: Any, path: Path) -> None:
    """Write a figure in the format of the file's ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    suffix = path.suffix.lstrip(".").lower()
    figure.savefig(path, format=suffix, metadata=_METADATA[suffix])


def plain_log(axis: Any, values: tuple[float, ...]) -> None:
    """Ticks of a logarithmic axis written as plain numbers."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

    axis.set_major_locator(FixedLocator(values))
    axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axis.set_minor_formatter(NullFormatter())
