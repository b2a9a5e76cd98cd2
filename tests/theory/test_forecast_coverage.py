"""How often the 80% bands of forecasts hold what then comes, over many services; printed for the documentation."""

from __future__ import annotations

import pytest
from benchmarks import forecasting

pytestmark = pytest.mark.slow


def _show(capsys: pytest.CaptureFixture[str], name: str, measured: object) -> None:
    with capsys.disabled():
        print(f"\n{name}: {measured}")


def test_on_the_example_service_they_keep_their_promise_and_beat_the_naive_forecast() -> None:
    test = forecasting.example()
    assert test.keeps_its_promise
    assert test.beats_naive


def test_on_services_whose_truth_is_known_they_keep_their_promise(capsys: pytest.CaptureFixture[str]) -> None:
    for name, measured in zip(("days", "weeks"), forecasting.over_services(200), strict=True):
        _show(capsys, f"made-up services, {name}", measured)
        assert measured.low <= 0.8 <= measured.high


@pytest.mark.skipif(
    not (forecasting.SHARED / forecasting.PROVIDERS).exists(),
    reason=f"the figures of NHS England are not at {forecasting.SHARED} (MILLPOND_SHARED_DATA names another place)",
)
def test_over_the_providers_of_nhs_england_they_keep_their_promise(capsys: pytest.CaptureFixture[str]) -> None:
    together, each = forecasting.over_providers(forecasting.SHARED)
    for ahead, measured in enumerate((together, *each)):
        _show(capsys, f"providers, {ahead or 'all'} ahead", measured)
    assert together.series == 190
    assert together.low <= 0.8 <= together.high
    assert together.error is not None and together.naive_error is not None
    assert together.error < together.naive_error
