"""A difference of two versions counts if it is there each time; what else differs is unsteady."""

from daemons.worker.checks.takes import Block, Take, differing, mark_unsteady, same_but_style

_STYLES = [{"colour": "black"}, {"colour": "red"}]


def _take(*texts: str, style: int = 0) -> Take:
    blocks = [{"role": "text", "text": text, "style": style, "box": [n, 0, 9, 9]} for n, text in enumerate(texts)]
    return {"styles": _STYLES, "blocks": blocks}


def _texts(blocks: list[Block]) -> list[str]:
    return [block["text"] for block in blocks]


def _differing(take: Take, others: list[Take], again: list[Take]) -> list[str]:
    return _texts(list(differing(take, others, again)))


def _unsteady(take: Take, again: list[Take], others: list[Take]) -> list[bool]:
    mark_unsteady(take, again, others)
    return [block.get("unsteady", False) for block in take["blocks"]]


def test_what_one_version_alone_has_differs_wherever_it_stands() -> None:
    assert _differing(_take("Rye", "Oats", "Rye"), [_take("Rye", "Spelt")], []) == ["Oats", "Rye"]
    assert _differing(_take("Rye"), [_take("Rye", style=1)], []) == ["Rye"], "its style belongs to it"


def test_what_is_not_there_each_time_does_not_count() -> None:
    first, later, parent = _take("Rye", "12:00"), _take("Rye", "12:01"), _take("11:59")
    assert _differing(first, [parent], [later]) == ["Rye"]
    assert _differing(first, [parent, _take("Rye")], [later]) == [], "the other version has it at times"


def test_what_a_second_take_lacks_is_unsteady() -> None:
    assert _unsteady(_take("Rye", "12:00", "Rye"), [_take("12:01", "Rye")], [_take("Rye", "Rye")]) == [
        False,
        True,
        True,
    ]


def test_what_the_other_version_lacked_by_chance_is_unsteady() -> None:
    one, other = _take("Slide 1"), _take("Slide 2")
    assert _unsteady(_take("Slide 1"), [one], [other, one]) == [True]
    assert _unsteady(_take("Slide 1"), [one], [other, other]) == [False]


def test_a_block_in_another_style_is_known_as_such() -> None:
    (red,) = _take("Rye", style=1)["blocks"]
    assert same_but_style(red, [_take("Oats"), _take("Rye")])
    assert not same_but_style(red, [_take("Oats")])
