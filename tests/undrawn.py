"""A placer without a renderer, for tests that look at words and tables."""

from markupsafe import Markup

from report.charts import LazyFigure
from report.html import block, escape
from report.pages import Placer


class Undrawn(Placer):
    """Places a figure's words and its data, without the seconds that drawing takes."""

    def figure(self, figure: LazyFigure) -> Markup:
        self.figures[figure.id] = figure
        self.placed.append((figure, {}))
        words = Markup('<figure id="{}" aria-label="{}"><p>{}</p></figure>').format(
            figure.id, escape(figure.alt), escape(figure.caption)
        )
        return Markup(block(words)) + self.table(figure.data)
