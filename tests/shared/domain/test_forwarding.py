"""How long an old address leads to the new one."""

from datetime import UTC, datetime, timedelta

from shared.domain.forwarding import Forward

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_each_choice_ends_when_it_says() -> None:
    days = {"none": 0, "30d": 30, "90d": 90, "1y": 365}
    assert {choice: Forward(choice).until(NOW) for choice in days} == {
        choice: NOW + timedelta(days=number) for choice, number in days.items()
    }
    assert Forward.EVER.until(NOW) is None
    assert set(Forward) == {*days, "ever"}
