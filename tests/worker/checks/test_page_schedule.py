"""The runs of the browser over a site's pages, when pages end it."""

import json

from daemons.worker.checks.page_schedule import PageSchedule, ScheduledRun
from tests.support.observations import page


def begun(*paths: str) -> list[bytes]:
    return [json.dumps({"begun": path}).encode() for path in paths]


def seen(*paths: str) -> list[bytes]:
    return [*begun(*paths), *(page(path).model_dump_json().encode() for path in paths)]


def test_one_run_is_enough_if_nothing_happens() -> None:
    schedule = PageSchedule(["a", "b"], needed=1, tabs=2)
    run = schedule.next()
    assert run == ScheduledRun(("a", "b"), 1, 2)
    schedule.take(run, seen("a", "b"), in_order=True)
    assert (schedule.next(), sorted(schedule.seen)) == (None, ["a", "b"])


def test_what_there_was_no_time_for_is_left_out() -> None:
    schedule = PageSchedule(["a", "b"], needed=0, tabs=2)
    run = schedule.next()
    assert run
    schedule.take(run, seen("a"), in_order=True)
    assert (schedule.next(), sorted(schedule.seen)) == (None, ["a"])


def test_a_page_that_ends_the_browser_loses_its_own_observation_only() -> None:
    """The others come first, then the suspects one at a time."""
    schedule = PageSchedule(["a", "bad", "good", "d"], needed=4, tabs=2)
    run = schedule.next()
    assert run
    schedule.take(run, [*seen("a"), *begun("bad", "good")], in_order=False)
    run = schedule.next()
    assert run == ScheduledRun(("d",), 1, 2)
    schedule.take(run, seen("d"), in_order=True)
    run = schedule.next()
    assert run == ScheduledRun(("bad", "good"), 2, 1)
    schedule.take(run, begun("bad"), in_order=False)
    run = schedule.next()
    assert run == ScheduledRun(("good",), 1, 1)
    schedule.take(run, seen("good"), in_order=True)
    assert schedule.next() is None
    assert {path: bool(one.unseen) for path, one in schedule.seen.items()} == {
        "a": False,
        "d": False,
        "bad": True,
        "good": False,
    }


def test_a_line_that_can_not_be_read_is_its_page_s_loss() -> None:
    schedule = PageSchedule(["a", "b"], needed=2, tabs=2)
    run = schedule.next()
    assert run
    lines = [*seen("a"), *begun("b"), b'{"path": "b", "title": 7}', b"\xff", b"[]", b'{"path": "not asked"}']
    schedule.take(run, lines, in_order=True)
    assert (sorted(schedule.seen), bool(schedule.seen["b"].unseen)) == (["a", "b"], True)
    assert schedule.next() is None


def test_runs_come_to_an_end() -> None:
    schedule = PageSchedule([f"{n}" for n in range(40)], needed=40, tabs=2)
    runs = 0
    while run := schedule.next():
        schedule.take(run, begun(*run.pages[:2]), in_order=False)
        runs += 1
    schedule.give_up()
    assert runs == 6
    assert all(one.unseen for one in schedule.seen.values())


def test_a_browser_that_never_began_is_nobody_s_fault() -> None:
    schedule = PageSchedule(["a"], needed=1, tabs=2)
    run = schedule.next()
    assert run
    schedule.take(run, [], in_order=False)
    assert (schedule.began, schedule.next(), schedule.seen) == (False, None, {})
