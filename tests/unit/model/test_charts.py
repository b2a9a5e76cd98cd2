"""Charts in service.toml: what goes together, and what a person is told where it does not."""

from __future__ import annotations

import pytest

from millpond.errors import FaultyService
from millpond.model import ChartRules, dump_service, parse_service

SERVICE = """name = "Advice"

[pools.advocates]
workers = 2

[[charts]]
pool = "advocates"
measure = "visits withdrawn"
improvement = "decrease"
kind = "p"
of = "visits ended"
rebase = [{ date = 2025-09-08, reason = "one adviser fewer" }]

[chart_rules]
run = 6
"""


def test_charts_are_written_as_they_are_read() -> None:
    service = parse_service(SERVICE)
    assert service.charts[0].rebase[0].reason == "one adviser fewer"
    assert (service.chart_rules.run, service.chart_rules.trend) == (6, 7)
    assert dump_service(service) == SERVICE


def test_rates_are_of_working_days_unless_something_else_is_named() -> None:
    text = SERVICE.replace('kind = "p"', 'kind = "u"')
    assert parse_service(text).charts[0].rate_of == "visits ended"
    assert parse_service(text.replace('of = "visits ended"\n', "")).charts[0].rate_of == "working days"
    assert ChartRules() == parse_service('name = "x"').chart_rules


@pytest.mark.parametrize(
    ("right", "wrong", "where", "what"),
    [
        ('improvement = "decrease"\n', "", "charts[1].improvement", "is missing"),
        ('pool = "advocates"', 'pool = "advocats"', "charts[1].pool", "not a pool"),
        ('"visits withdrawn"', '"backlog"', "charts[1]", 'is a p chart of "backlog", which is not a count of visits'),
        ('of = "visits ended"\n', "", "charts[1]", "does not say what the visits are counted among"),
        ('of = "visits ended"', 'of = "working days"', "charts[1]", "does not say what the visits are counted among"),
        ('kind = "p"', 'kind = "c"', "charts[1]", "which this c chart has no use for"),
        ('kind = "p"', 'kind = "p"\nweekday = "Monday"', "charts[1]", 'has a weekday and by = "week"'),
        ('kind = "p"\nof = "visits ended"', 'of = "visits ended"', "charts[1]", "which this xmr chart has no use for"),
        (
            'measure = "visits withdrawn"\nimprovement = "decrease"\nkind = "p"\nof = "visits ended"',
            'measure = "backlog"\nimprovement = "decrease"\nof = "working days"',
            "charts[1]",
            "over which it does not add up",
        ),
        (
            "rebase = [",
            'rebase = [{ date = 2025-10-01, reason = "later" }, ',
            "charts[1]",
            "has days of rebasing that do not go forward",
        ),
        (', reason = "one adviser fewer"', "", "charts[1].rebase[1].reason", "is missing"),
        ('kind = "p"', 'kind = "p"\nbaseline = 8', "charts[1].baseline", "is 8, which is below 12"),
        ("run = 6", "run = 3", "chart_rules.run", "is 3, which is below 5"),
    ],
)
def test_what_does_not_go_together_is_told(right: str, wrong: str, where: str, what: str) -> None:
    assert SERVICE.count(right) == 1
    with pytest.raises(FaultyService) as caught:
        parse_service(SERVICE.replace(right, wrong))
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what
    assert fault.cure
