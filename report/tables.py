"""One table, three ways: HTML for readers, CSV for programs, LaTeX for papers."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from math import isfinite, isnan

from markupsafe import Markup

from report.document import Cell, Column, Table
from report.hooks import ATTRIBUTE, Hooks, hook
from report.html import escape, link, plain
from report.latex import latex_table

# Above this the page would carry the table three times over; the download links remain.
_COPY_LIMIT = 40_000
# Text of more characters than this gets a column that is wide enough to read it in.
_LONG = 40
_EMPTY = Cell("")
_NO_HOOKS: Hooks = {}
_ID = re.compile(r"[a-z][a-z0-9-]*")


def check_id(name: str) -> str:
    """Return the id if it is fit for a file name, an anchor and a URL; ValueError otherwise."""
    if not _ID.fullmatch(name):
        raise ValueError(f"id {name!r} must be lower-case letters, digits and hyphens")
    return name


def table_files(table: Table) -> dict[str, bytes]:
    """Return the files a page with this table links to, by path below the version's folder."""
    name = f"data/tables/{check_id(table.id)}"
    return {
        f"{name}.csv": table_csv(table).encode(),
        f"{name}.tex": table_latex(table).encode(),
    }


def table_html(table: Table, *, depth: int, hooks: Hooks = _NO_HOOKS) -> Markup:
    """Return the table with its caption, sort buttons and the actions below it.

    Parameters
    ----------
    table
        What to show. Columns with ``in_page=False`` are left out.
    depth
        How many folders below the version's folder the page lies (0 for ``overall.md``).
    hooks
        Slug of each model's label.
    """
    name = check_id(table.id)
    parts = [
        f'<div class="bp-table" id="table-{name}">',
        f'<p class="bp-table__caption" id="table-{name}-caption">{escape(table.caption)}</p>',
        f'<p class="bp-table__covers bp-covers">{escape(table.covers)}</p>' if table.covers else "",
        _filter_box(name) if table.filterable else "",
        (
            f'<div class="bp-table__scroll" role="region" tabindex="0" '
            f'aria-labelledby="table-{name}-caption">'
        ),
        f'<table class="bp-grid" aria-labelledby="table-{name}-caption"{_legend(table)}>',
        grid_html(table, root="../" * depth, hooks=hooks),
        "</table>",
        "</div>",
        f'<p class="bp-table__note">{escape(table.note)}</p>' if table.note else "",
        _actions(table, depth=depth),
        "</div>",
    ]
    return Markup("\n".join(part for part in parts if part))  # noqa: S704 - parts are escaped


def _legend(table: Table) -> str:
    if not table.legend:
        return ""
    return f' data-legend="{_attribute(json.dumps(table.legend, ensure_ascii=False))}"'


def _filter_box(name: str) -> str:
    """A box to filter the rows with; hidden where there is no script to do it."""
    return (
        f'<p class="bp-filter" data-search-exclude><label for="filter-{name}">Filter rows</label> '
        f'<input id="filter-{name}" type="search" autocomplete="off" spellcheck="false">'
        "<output></output></p>"
    )


def grid_html(
    table: Table, *, sortable: bool = True, root: str = "", hooks: Hooks = _NO_HOOKS
) -> Markup:
    """Return the head and body of the table without what surrounds them.

    ``root`` leads from the page to the version's folder; ``hooks`` has the slug of each model's
    label, by which the rows about it are hooked.
    """
    columns = [column for column in table.columns if column.in_page]
    head = " ".join(_heading(column, sortable=sortable) for column in columns)
    rows = "\n".join(
        f"<tr{_classes({'bp-focus': index in table.focus_rows})}{_hook(row, columns, hooks)}>"
        + " ".join(  # so that the search index keeps neighbours apart
            _cell(row.get(c.key, _EMPTY), c, header=c.key == table.row_header, root=root)
            for c in columns
        )
        + "</tr>"
        for index, row in enumerate(table.rows)
    )
    html = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return Markup(html)  # noqa: S704 - headings and cells are escaped


def _hook(row: Mapping[str, Cell], columns: Sequence[Column], hooks: Hooks) -> str:
    """The models that a row's cells name, each once."""
    names = (row[c.key].text for c in columns if c.kind == "text" and c.key in row)
    found = " ".join(dict.fromkeys(slug for name in names if (slug := hook(name, hooks))))
    return f' {ATTRIBUTE}="{found}"' if found else ""


def _heading(column: Column, *, sortable: bool) -> str:
    text = escape(column.heading)
    if sortable and column.sortable:
        text = Markup('<button type="button">{}</button>').format(text)
    return f'<th scope="col"{_classes({"bp-num": column.kind != "text"})}>{text}</th>'


def _cell(cell: Cell, column: Column, *, header: bool, root: str) -> str:
    long = column.kind == "text" and len(cell.text) > _LONG
    marks = _classes({"bp-num": column.kind != "text", "bp-weak": cell.weak, "bp-long": long})
    sort = "" if cell.sort is None else f' data-sort="{_sort_key(cell.sort)}"'
    title = f' title="{escape(cell.title)}"' if cell.title else ""
    inside = escape(cell.text) if cell.html is None else cell.html
    if cell.link:
        inside = Markup('<a href="{}{}">{}</a>').format(root, link(cell.link), inside)
    tag, scope = ("th", ' scope="row"') if header else ("td", "")
    return f"<{tag}{scope}{marks}{sort}{title}>{inside}</{tag}>"


def _sort_key(value: float | str) -> Markup:
    if isinstance(value, float) and isnan(value):
        raise ValueError("a cell cannot sort by NaN; leave sort out to place it last")
    return escape(value)


def _classes(which: dict[str, bool]) -> str:
    chosen = [name for name, on in which.items() if on]
    return f' class="{" ".join(chosen)}"' if chosen else ""


def _actions(table: Table, *, depth: int) -> str:
    """Return copy buttons, which carry what they copy, and download links, which need no script."""
    file = f"{'../' * depth}data/tables/{table.id}"
    exports = {"CSV": table_csv(table), "LaTeX": table_latex(table)}
    buttons = "".join(
        f'<button type="button" class="bp-copy" data-copy="{_attribute(text)}">Copy {kind}</button>'
        for kind, text in exports.items()
        if len(text) <= _COPY_LIMIT
    )
    links = "".join(
        f'<a href="{file}.{suffix}" download aria-label="Download as {label}">{label}</a>'
        for suffix, label in (("csv", "CSV"), ("tex", "LaTeX"))
    )
    return f'<div class="bp-actions" data-search-exclude>{buttons}{links}</div>'


def _attribute(text: str) -> str:
    """Escape text for an attribute, line ends included, so that Markdown sees one line."""
    return "".join(
        char if char.isascii() and (char.isalnum() or char in " ,.") else f"&#{ord(char)};"
        for char in text
    )


def table_csv(table: Table) -> str:
    r"""Return the table as CSV (RFC 4180, but ``\n``): raw values, keys as header.

    Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers keep their
    sign. An infinite limit is written ``inf``, an empty cell means that there is no value.
    """
    columns = [column for column in table.columns if column.in_export]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_csv_text(column.key) for column in columns])
    for row in table.rows:
        writer.writerow([_csv_value(row.get(column.key, _EMPTY)) for column in columns])
    return out.getvalue()


def _csv_value(cell: Cell) -> str:
    if cell.raw is None:
        return _csv_text(cell.text)
    if isinstance(cell.raw, bool):
        return "true" if cell.raw else "false"
    if isinstance(cell.raw, str):
        return _csv_text(cell.raw)
    if isnan(cell.raw):
        raise ValueError("a raw value is NaN; leave the cell empty where there is no estimate")
    return repr(cell.raw)


def _csv_text(text: str) -> str:
    shown = plain(text)
    return (
        f"'{shown}" if shown.startswith(("=", "+", "-", "@")) and not _is_number(shown) else shown
    )


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "\u2212": "$-$",
        "\u2013": "--",
        "\u2014": "---",
        "×": r"$\times$",
        "±": r"$\pm$",
        "≤": r"$\leq$",
        "≥": r"$\geq$",
        "≈": r"$\approx$",
        "∞": r"$\infty$",
        "→": r"$\rightarrow$",
        "…": r"\ldots{}",
    }
)


def latex_text(text: str) -> str:
    """Escape text for LaTeX; letters beyond ASCII stay (UTF-8 is LaTeX's default since 2018)."""
    return plain(text).translate(_LATEX)


def table_latex(table: Table) -> str:
    """Return the table in LaTeX with booktabs rules, as readers see its text."""
    columns = [column for column in table.columns if column.in_export and column.in_page]
    return latex_table(
        label=f"tab:{check_id(table.id)}",
        caption=latex_text(" ".join(filter(None, (table.caption, table.covers)))),
        headings=[latex_text(column.heading) for column in columns],
        rows=[[latex_text(row.get(c.key, _EMPTY).text) for c in columns] for row in table.rows],
        texts=[column.kind == "text" for column in columns],
    )


def interval_bar(
    low: float, estimate: float, high: float, *, start: float, stop: float, focus: bool = False
) -> Markup:
    """Return a small bar for a cell: the interval as a line on the axis, the estimate as a dot.

    It repeats what the row says in words, so assistive technology skips it. Limits beyond the
    axis (an infinite one, say) are cut off at its end.

    Raises
    ------
    ValueError
        Unless ``low <= estimate <= high`` and ``start < stop``, all but the limits finite.
    """
    if not (low <= estimate <= high and isfinite(estimate)):
        raise ValueError(f"expected low <= estimate <= high, got {low}, {estimate}, {high}")
    if not (isfinite(start) and isfinite(stop) and start < stop):
        raise ValueError(f"expected start < stop, both finite, got {start} and {stop}")
    left, dot, right = (_place(value, start, stop) for value in (low, estimate, high))
    name = "bp-bar bp-bar--focus" if focus else "bp-bar"
    html = (
        f'<svg class="{name}" viewBox="0 0 128 16" width="128" height="16" aria-hidden="true">'
        '<path class="bp-bar__axis" d="M4 8H124"/>'
        f'<path class="bp-bar__interval" d="M{left:.2f} 8H{right:.2f}"/>'
        f'<circle class="bp-bar__estimate" cx="{dot:.2f}" cy="8" r="2.5"/></svg>'
    )
    return Markup(html)  # noqa: S704 - numbers only


def _place(value: float, start: float, stop: float) -> float:
    return 4 + 120 * (min(max(value, start), stop) - start) / (stop - start)
