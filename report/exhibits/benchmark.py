"""What was measured: the models and the problem set."""

from markupsafe import Markup

from harness.release import Model, Parameters
from report import numbers
from report.charts import NARROW, WIDE, LazyFigure, bars, heatmap
from report.document import Cell, Column, Table
from report.exhibits.common import Context, badge, text, whole
from report.html import escape, plain

SUPPORT = {
    "full": ("full", "supported"),
    "partial": ("partial", "unresolved"),
    "none": ("none", "contradicted"),
}


def architecture_table(context: Context) -> Table:
    """Return the models' technical facts, as the release states them."""
    models = context.analysis.release.models
    return Table(
        id="architecture",
        caption=(
            f"{len(models)} models as the report describes them. Sizes marked speculative were "
            "not disclosed by their makers; the report estimates them."
        ),
        columns=[
            Column("model", "Model"),
            Column("architecture", "Architecture"),
            Column("size", "Parameters", "number"),
            Column("active", "Active", "number", in_page=False),
            Column("experts", "Experts", in_page=False),
            Column("context", "Context window"),
            Column("innovations", "Notable for"),
            Column("results", "Results here"),
        ],
        rows=[
            {
                "model": Cell(context.labels[m.id]),
                "architecture": _architecture(m),
                "size": size_cell(m.parameters),
                "active": _active(m.parameters),
                "experts": text(m.experts),
                "context": text(m.context_window),
                "innovations": text(m.innovations),
                "results": Cell("yes")
                if (m.id, "passed") in context.analysis.rates
                else Cell("none", weak=True),
            }
            for m in models
        ],
        focus_rows=_focus(models),
        row_header="model",
    )


def size_cell(parameters: Parameters) -> Cell:
    """A size in billions, marked where it is speculative."""
    if parameters.total is None:
        return Cell(parameters.printed or "not disclosed", sort=float("-inf"), raw="", weak=True)
    words = numbers.billions(parameters.total)
    if parameters.speculative:
        return Cell(
            f"{words} (speculative)",
            sort=parameters.total,
            raw=parameters.total,
            weak=True,
            title=parameters.note,
        )
    return Cell(words, sort=parameters.total, raw=parameters.total, title=parameters.note)


def _architecture(model: Model) -> Cell:
    """Architecture, with its experts and active parameters below where it has any."""
    if model.architecture is None:
        return text(None)
    active = model.parameters.active
    more = [model.experts] if model.experts and model.experts != "None" else []
    more += [f"{numbers.billions(active)} active"] if active is not None else []
    words = plain(model.architecture)
    if not more:
        return Cell(words)
    below = plain(", ".join(more))
    html = Markup('{}<span class="bp-limits bp-limits--wrap">{}</span>')
    return Cell(f"{words} ({below})", raw=words, html=html.format(escape(words), escape(below)))


def _active(parameters: Parameters) -> Cell:
    if parameters.active is None:
        return Cell("–", sort=float("-inf"), raw="", weak=True)
    return Cell(numbers.billions(parameters.active), sort=parameters.active, raw=parameters.active)


def _focus(models: tuple[Model, ...]) -> frozenset[int]:
    return frozenset(i for i, m in enumerate(models) if m.focus)


def training_table(context: Context) -> Table:
    """What is known about the models' training data."""
    models = tuple(
        m for m in context.analysis.release.models if m.code_proportion or m.data_techniques
    )
    return Table(
        id="training",
        caption=f"Training data of {len(models)} models, as the report states it.",
        columns=[
            Column("model", "Model"),
            Column("code", "Share of code"),
            Column("techniques", "Data techniques"),
        ],
        rows=[
            {
                "model": Cell(context.labels[m.id]),
                "code": text(m.code_proportion),
                "techniques": text(m.data_techniques),
            }
            for m in models
        ],
        focus_rows=_focus(models),
        row_header="model",
    )


def post_training_table(context: Context) -> Table:
    """Return the survey of which post-training methods each model can take."""
    models = tuple(m for m in context.analysis.release.models if m.post_training)
    methods = list(dict.fromkeys(name for m in models for name in m.post_training))
    return Table(
        id="post-training",
        caption=(
            f"Compatibility of {len(models)} models with {len(methods)} post-training methods: a "
            "survey by the report's authors, not a measurement. The published picture has no "
            "legend; its green, yellow and red are read as full, partial and none."
        ),
        columns=[Column("model", "Model"), *(Column(name, plain(name)) for name in methods)],
        rows=[
            {
                "model": Cell(context.labels[m.id]),
                **{
                    name: Cell(words, html=badge(words, kind))
                    for name in methods
                    if name in m.post_training
                    for words, kind in [SUPPORT[m.post_training[name]]]
                },
                **{name: text(None) for name in methods if name not in m.post_training},
            }
            for m in models
        ],
        focus_rows=_focus(models),
        row_header="model",
    )


def problem_cells_table(context: Context) -> Table:
    """How many problems lie in each category and difficulty, with margins."""
    release = context.analysis.release
    counts = {(c.category, c.difficulty): c.problems for c in release.problem_cells}
    rows = []
    for category in release.categories:
        own = [counts.get((category, d), 0) for d in release.difficulties]
        rows.append(_problem_row(plain(category), own, release.difficulties, release.n_problems))
    totals = [sum(counts.get((c, d), 0) for c in release.categories) for d in release.difficulties]
    rows.append(_problem_row("All categories", totals, release.difficulties, release.n_problems))
    return Table(
        id="problem-cells",
        caption=f"The {release.n_problems} problems by category and difficulty.",
        columns=[
            Column("category", "Category"),
            *(Column(f"d{i}", plain(d), "number") for i, d in enumerate(release.difficulties)),
            Column("total", "Problems", "number"),
            Column("share", "Share", "number"),
        ],
        rows=rows,
        row_header="category",
    )


def _problem_row(
    name: str, counts: list[int], difficulties: tuple[str, ...], n_problems: int
) -> dict[str, Cell]:
    total = sum(counts)
    return {
        "category": Cell(name),
        **{f"d{i}": whole(counts[i]) for i in range(len(difficulties))},
        "total": whole(total),
        "share": Cell(numbers.percent(total / n_problems), sort=total, raw=total / n_problems),
    }


def categories_figure(context: Context) -> LazyFigure:
    """Problems in each category."""
    return _bars(context, "category", context.analysis.release.categories, "categories-chart")


def difficulties_figure(context: Context) -> LazyFigure:
    """Problems of each difficulty."""
    return _bars(context, "difficulty", context.analysis.release.difficulties, "difficulties-chart")


def _bars(context: Context, kind: str, members: tuple[str, ...], figure_id: str) -> LazyFigure:
    release = context.analysis.release
    totals = {
        m: sum(c.problems for c in release.problem_cells if getattr(c, kind) == m) for m in members
    }
    rows = [
        {
            "label": plain(name),
            "count": total,
            "text": f"{total} ({numbers.percent(total / release.n_problems)})",
        }
        for name, total in totals.items()
    ]
    wide, narrow = (bars(rows, width=w, title="Problems") for w in (WIDE, NARROW))
    return LazyFigure(
        id=figure_id,
        caption=f"Problems by {kind}; {release.n_problems} in all. Counts need no interval.",
        alt=f"Bar chart of problems by {kind}: "
        + ", ".join(f"{row['label']} {row['text']}" for row in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=Table(
            id=figure_id,
            caption=f"Problems by {kind}.",
            columns=[
                Column(kind, kind.capitalize()),
                Column("problems", "Problems", "number"),
                Column("share", "Share", "number"),
            ],
            rows=[
                {
                    kind: Cell(plain(name)),
                    "problems": whole(total),
                    "share": Cell(
                        numbers.percent(total / release.n_problems),
                        sort=total,
                        raw=total / release.n_problems,
                    ),
                }
                for name, total in totals.items()
            ],
            row_header=kind,
        ),
    )


def problem_cells_figure(context: Context) -> LazyFigure:
    """Return the same counts as a heatmap, so that the thin cells stand out."""
    release = context.analysis.release
    counts = {(c.category, c.difficulty): c.problems for c in release.problem_cells}
    largest = max(counts.values(), default=1) or 1
    rows = [
        {
            "row": plain(category),
            "column": plain(difficulty),
            "order": order,
            "rate": n / largest if n else None,
            "text": str(n) if n else "–",
            "tiny": n < 10,
            "tip": f"{n} problems",
            "panel": "",
        }
        for order, category in enumerate(release.categories)
        for difficulty in release.difficulties
        for n in [counts.get((category, difficulty), 0)]
    ]
    columns = [plain(d) for d in release.difficulties]
    wide, narrow = (heatmap(rows, width=w, columns=columns) for w in (WIDE, NARROW))
    thin = sum(1 for row in rows if row["rate"] is not None and row["tiny"])
    return LazyFigure(
        id="problem-cells-chart",
        caption=(
            f"Problems by category and difficulty; {release.n_problems} in all. Dashed: cells "
            f"with fewer than 10 problems ({thin} of them)."
        ),
        alt="Heatmap of the number of problems: "
        + "; ".join(f"{r['row']}, {r['column']}: {r['text']}" for r in rows if r["rate"])
        + ".",
        wide=wide,
        narrow=narrow,
        data=problem_cells_table(context),
    )
