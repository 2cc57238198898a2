"""What the reader of archives says is hostile: nothing that it can say goes further than it should."""

import pytest

from daemons.worker.importing.sandboxed_import import _report
from daemons.worker.sandbox.run_result import RunResult
from shared.domain.errors import PageWrightError
from shared.domain.vocabulary import Failure

_HALF = b'{"problem": {"status": 422, "detail": "\\ud83e", "hint": "\\udd50", "choices": ["\\ud83e"]}}'


@pytest.mark.parametrize("line", [_HALF, b"[" * 1_900_000, b"{}", b"1", b'{"problem": 1}', b'{"report": {}}', b"\xff"])
def test_a_refusal_can_always_be_told(line: bytes) -> None:
    with pytest.raises(PageWrightError) as refused:
        _report(RunResult(exit_code=0, limit=None, tree={}, error_output=b""), [line])
    assert Failure(detail=refused.value.detail, hint=refused.value.hint).model_dump_json()
