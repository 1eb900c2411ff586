"""Claims as code: what a report says, tested against the data.

``judge`` is the way in: one analysis to a verdict for every claim, with the parts, tests, estimates
and sentences behind it.
"""

from report.claims.judge import judge
from report.claims.parts import VERDICTS, JudgedClaim, Part, Test, Verdict, tally

__all__ = ["VERDICTS", "JudgedClaim", "Part", "Test", "Verdict", "judge", "tally"]
