"""The figures of the proof: each test records what it counted, and they are printed together at the end."""

from collections import Counter
from typing import Any

# In this order, and printed also when nothing was counted: not measured is not done.
FIGURES = (
    "addresses", "addresses with a policy", "addresses nobody reaches", "personas", "cells passed", "cells failed",
    "cells vacuous and unexplained", "cells vacuous and explained", "unsafe addresses that take no forged form",
    "forms that let nothing foreign in", "canaries", "pages crawled for canaries", "canaries shown to a stranger",
    "mutants killed", "mutants", "inputs passed", "inputs", "answers to them", "5xx",
    "forms sent twice that made one row", "forms two people edit and nothing is lost", "fields declared",
    "fields undeclared",
)  # fmt: skip


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the sums of what passed and failed tests recorded."""
    sums: Counter[str] = Counter()
    for how in ("passed", "failed"):
        for report in terminalreporter.stats.get(how, []):
            for name, value in report.user_properties:
                sums[name] += value
    if "not proof" in terminalreporter.config.option.markexpr or "mutants" not in sums:
        return
    terminalreporter.section("figures of the proof")
    for name in (*FIGURES, *sorted(set(sums) - set(FIGURES))):
        terminalreporter.write_line(f"{sums.get(name, 'not counted'):>12}  {name}")
