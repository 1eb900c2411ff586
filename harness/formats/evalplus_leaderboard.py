"""EvalPlus's leaderboard: pass rates of many models, in percent, without counts."""

from pathlib import Path

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside, no_problems, no_rows

HALF_UNIT = 0.0005  # of a fraction; the percentages have one decimal
RATES = "pass@1"


def matches(path: Path, head: bytes) -> bool:
    """Tell the table by the rates of the first model."""
    del path
    value = peek_json(head)
    first = next(iter(value.values()), None) if isinstance(value, dict) else None
    rates = first.get(RATES) if isinstance(first, dict) else None
    return isinstance(rates, dict) and any(name.startswith(("humaneval", "mbpp")) for name in rates)


def read(path: Path) -> Reading:
    """Read the table of rates.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a model without rates, a rate outside 0 to 100.
    """
    document = Place(path, read_json(path))
    claimed, unknown = [], 0
    for name, model in document.items():
        for test, rate in model.at(RATES).items():
            if rate.value is None:
                unknown += 1
                continue
            share = rate.number(0, 100) / 100
            claimed.append(ClaimedRate(test, share, name, k=1, margin=HALF_UNIT))
    rule = "The table has no value there: missing, not 0."
    return Reading(
        format="evalplus-leaderboard",
        path=path,
        rows=no_rows(),
        problems=no_problems(),
        model_names={},
        set_aside=(SetAside("rates that are null", unknown, rule),) if unknown else (),
        claimed=tuple(claimed),
        lacks=f"The table states rates of {len(document.mapping())} models without the number of "
        "problems behind them: an interval needs it. Use each model's *_eval_results.json; the "
        "rates alone can be cited in printed.csv.",
    )


FORMAT = Format(
    id="evalplus-leaderboard",
    title="EvalPlus leaderboard",
    matches=matches,
    read=read,
    harness="EvalPlus's website",
)
