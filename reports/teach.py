"""The page of a learning-by-teaching experiment: arms with intervals, what may be said, curves."""

import io
from typing import Any

from markupsafe import Markup

from classwright.reports.lesson import environment


def teach_html(name: str, settings: Any, outcome: Any, summary: dict[str, Any]) -> str:
    """A self-contained page about an experiment (`graphs.teach.frame.Outcome`).

    Args:
        name: The experiment.
        settings: Its settings.
        outcome: What it found.
        summary: The JSON object of the command.
    """
    plots = [Markup(arms_svg(t)) for t in outcome.tables] + [Markup(curve_svg(c)) for c in outcome.curves]
    page = environment(True).get_template("teach.html.j2")
    return page.render(name=name, settings=settings.model_dump(mode="json"), o=outcome, s=summary, plots=plots)


def arms_svg(table: Any) -> str:
    """The arms of a table as dots with their intervals; controls are hollow."""
    rows = [r for r in table.rows if r.value.mean is not None][::-1]
    figure, axes = _figure(0.5 + 0.38 * len(rows))
    for y, r in enumerate(rows):
        color = "#5a6477" if r.control else "#2456a6"
        axes.plot([r.value.low, r.value.high], [y, y], color=color, linewidth=2)
        axes.plot(r.value.mean, y, "o", color=color, markerfacecolor="white" if r.control else color)
    axes.set_yticks(range(len(rows)), [r.arm for r in rows])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel(f"{table.unit}, mean with 95 % interval")
    axes.set_title(table.title, loc="left")
    axes.grid(axis="x", color="#d9dee8")
    return _svg(figure)


def curve_svg(curve: Any) -> str:
    """Lines with their bands."""
    figure, axes = _figure(3.4)
    colors = ("#2456a6", "#b3261e", "#1b7a55", "#8a5a00", "#6a3fa0", "#5a6477", "#00798c", "#444444")
    styles = ("-", "--", "-.", ":")
    for n, (label, points) in enumerate(curve.lines.items()):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        color = colors[n % len(colors)]
        axes.plot(xs, ys, styles[n % len(styles)], color=color, marker="o", markersize=3.5, label=label)
        if band := curve.band.get(label):
            axes.fill_between(xs, [b[0] for b in band], [b[1] for b in band], color=color, alpha=0.12, linewidth=0)
    axes.set_xlabel(curve.x)
    axes.set_ylabel(curve.y)
    axes.set_title(curve.title, loc="left")
    axes.grid(color="#d9dee8")
    axes.legend(frameon=False, fontsize=8)
    return _svg(figure)


def _figure(height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)
    return figure, axes


def _svg(figure: Any) -> str:
    """The figure as inline SVG, the same bytes for the same data."""
    from matplotlib import rc_context

    out = io.StringIO()
    with rc_context({"svg.hashsalt": "classwright", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
