"""tau2-bench's results: simulations of tasks in one domain, with the agent's model named."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import problem_table, row_table
from harness.formats.tau_bench import TOLERANCE

METRICS: Mapping[str, pl.DataType] = {"duration_s": pl.Float64(), "agent_cost": pl.Float64()}
NOT_EVALUABLE = ("infrastructure_error", "context_window_exceeded")
RULES = (
    (
        "A simulation is passed where its reward is 1 and failed where it is 0; a reward between "
        "is kept as a score. The outcome is the reason for which it ended."
    ),
    "A problem is the domain with the task's id; the domain stands as the category.",
    "duration_s is the length of the conversation, no program's runtime.",
)
EXCLUDED = (
    "They ended for a reason that the harness leaves out of its rates, "
    f"{' or '.join(NOT_EVALUABLE)}, or have no reward: unscored, not failed."
)


def matches(path: Path, head: bytes) -> bool:
    """Tell an object with the run's agent, user and environment."""
    del path
    value = peek_json(head)
    info = value.get("info") if isinstance(value, dict) else None
    return isinstance(info, dict) and {"agent_info", "user_info"} <= info.keys()


def read(path: Path) -> Reading:
    """Read a run; its model is the agent's.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a reward outside 0 to 1, a task's trial that stands there twice.
    """
    document = Place(path, read_json(path))
    info = document.at("info")
    llm = info.at("agent_info").get("llm")
    domain = info.at("environment_info").at("domain_name").name()
    model = llm.name() if llm else None
    rows = list(_rows(document, model, domain))
    unscored = sum(row.get("passed") is None and row.get("score") is None for row in rows)
    listed = document.get("tasks")
    tasks = [f"{domain}/{task.at('id').name()}" for task in listed.entries()] if listed else []
    known = dict.fromkeys([*tasks, *(row["problem"] for row in rows)])
    return Reading(
        format="tau2-bench",
        path=path,
        rows=row_table(rows, metrics=METRICS),
        problems=problem_table({"problem": name, "category": domain} for name in known),
        model_names={},
        rules=RULES,
        set_aside=(SetAside("unscored samples", unscored, EXCLUDED, model),) if unscored else (),
    )


def _rows(document: Place, model: str | None, domain: str) -> Iterator[dict[str, Any]]:
    seen: dict[tuple[str, int], int] = {}
    for number, simulation in enumerate(document.at("simulations").entries()):
        problem = f"{domain}/{simulation.at('task_id').name()}"
        sample = simulation.at("trial").whole()
        before = seen.setdefault((problem, sample), number)
        if before != number:
            raise simulation.at("trial").error(
                found=f"trial {sample} of {problem}, which simulations[{before}] holds too",
                expected="each trial of a task once",
            )
        yield {"model": model, "problem": problem, "sample": sample, **_verdict(simulation)}


def _verdict(simulation: Place) -> dict[str, Any]:
    ended = simulation.at("termination_reason").text()
    length, cost = simulation.get("duration"), simulation.get("agent_cost")
    facts = {
        "outcome": ended,
        "duration_s": length.number(0) if length else None,
        "agent_cost": cost.number(0) if cost else None,
    }
    info = simulation.get("reward_info")
    if ended in NOT_EVALUABLE or info is None:
        return facts
    reward = info.at("reward").number(0, 1 + TOLERANCE)
    if abs(reward - 1) <= TOLERANCE or reward <= TOLERANCE:
        return {"passed": reward > 0.5, **facts}
    return {"score": reward, **facts}


FORMAT = Format(
    id="tau2-bench", title="tau2-bench results", matches=matches, read=read, harness="tau2-bench"
)
