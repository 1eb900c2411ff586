"""How a table is laid out in LaTeX: rules of booktabs, text that wraps, long tables over pages."""

import re
from collections.abc import Iterator, Sequence
from math import ceil

PACKAGES = "array,booktabs,graphicx,longtable"
"""What a paper loads; all are part of every LaTeX."""

_WRAPPED = 40
"""Text of more characters than this gets a column that wraps it."""

_ROWS = 40
"""More lines than this do not fit on one page."""

_SIZES = ((85, ""), (95, "\\small"), (107, "\\footnotesize"))
"""Characters across a page of A4 at 10 points, and the size that more of them need."""

_MOST, _BETWEEN = 125, 2
"""Characters across a page in the smallest size, and what the space between columns is worth."""

_PART = re.compile(r"p\{([\d.]+)")

_WRAP_SHARE = 0.8
"""Part of the text's width that all wrapping columns share."""


def latex_table(
    *,
    label: str,
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    texts: Sequence[bool],
) -> str:
    r"""Return a table that a paper can take in with one ``\\input``.

    A table of up to 40 lines floats, and shrinks to the line where it is wider; a longer one is a
    longtable with its head on each page, in a size that its rows need.

    Parameters
    ----------
    label, caption
        Escaped.
    headings, rows
        Escaped text of each column, and of each row's cells.
    texts
        Whether each column is text (left, wrapped where long) or numbers (right).
    """
    widths = [max(len(cells[i]) for cells in (headings, *rows)) for i in range(len(headings))]
    align = list(_columns(widths, texts))
    long = _lines(rows, align) > _ROWS
    head = ["\\toprule", _row(headings), "\\midrule"]
    caption = f"\\caption{{{caption}}}"
    body = [_row(row) for row in rows]
    if long:
        if sum(widths) + _BETWEEN * len(widths) > _MOST:
            align = list(_fitted(widths, texts))
        lines = [
            f"{{{_size(widths, texts)}\\setlength{{\\tabcolsep}}{{3pt}}",
            f"\\begin{{longtable}}{{{''.join(align)}}}",
            caption,
            f"\\label{{{label}}} \\\\",
            *head,
            "\\endfirsthead",
            *head,
            "\\endhead",
            *body,
            "\\bottomrule",
            "\\end{longtable}",
            "}",
        ]
    else:
        lines = [
            "\\begin{table}",
            "\\centering",
            caption,
            f"\\label{{{label}}}",
            "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%",
            f"\\begin{{tabular}}{{{''.join(align)}}}",
            *head,
            *body,
            "\\bottomrule",
            "\\end{tabular}}",
            "\\end{table}",
        ]
    return "\n".join([f"% \\usepackage{{{PACKAGES}}}", *lines]) + "\n"


def _row(cells: Sequence[str]) -> str:
    # A row that starts with a bracket would be read as the option of the line break before it.
    return " & ".join(f"{{{c}}}" if c.startswith(("[", "*")) else c for c in cells) + r" \\"


def _lines(rows: Sequence[Sequence[str]], align: Sequence[str]) -> int:
    """Lines that the rows take, about: wrapped text counts with each line of it."""
    parts = [_PART.search(column) for column in align]
    fits = [float(part[1]) * _SIZES[0][0] if part else None for part in parts]
    return sum(
        max(ceil(len(c) / fit) if fit and c else 1 for c, fit in zip(row, fits, strict=True))
        for row in rows
    )


def _columns(widths: Sequence[int], texts: Sequence[bool]) -> Iterator[str]:
    """Wrapping columns share the line, but for what the others take, by their need."""
    wraps = [text and width > _WRAPPED for width, text in zip(widths, texts, strict=True)]
    taken = sum(width for width, wrap in zip(widths, wraps, strict=True) if not wrap)
    share = max(_WRAP_SHARE - taken / _SIZES[-1][0], 0.4)
    need = sum(min(width, 4 * _WRAPPED) for width, w in zip(widths, wraps, strict=True) if w)
    for width, wrap, text in zip(widths, wraps, texts, strict=True):
        if wrap:
            part = share * min(width, 4 * _WRAPPED) / need
            yield f">{{\\raggedright\\arraybackslash}}p{{{part:.2f}\\linewidth}}"
        else:
            yield "l" if text else "r"


def _fitted(widths: Sequence[int], texts: Sequence[bool]) -> Iterator[str]:
    """Columns of fixed widths that fill the line, for a long table that no size of type fits."""
    shares = _shares([width + _BETWEEN for width in widths])
    for share, text in zip(shares, texts, strict=True):
        ragged = "\\raggedright" if text else "\\raggedleft"
        yield (
            f">{{{ragged}\\arraybackslash\\hspace{{0pt}}}}"
            f"p{{\\dimexpr {share:.3f}\\linewidth-2\\tabcolsep\\relax}}"
        )


def _shares(needs: Sequence[int]) -> list[float]:
    """Divide the line: who needs less than an equal part gets it, the others share the rest."""
    room, open_, found = float(_MOST), sorted(range(len(needs)), key=needs.__getitem__), {}
    while open_:
        column = open_.pop(0)
        found[column] = min(float(needs[column]), room / (len(open_) + 1))
        room -= found[column]
    whole = sum(found.values())
    return [found[column] / whole for column in range(len(needs))]


def _size(widths: Sequence[int], texts: Sequence[bool]) -> str:
    wide = sum(
        min(width, _WRAPPED) if text else width for width, text in zip(widths, texts, strict=True)
    )
    return next((size for most, size in _SIZES if wide <= most), "\\scriptsize")
