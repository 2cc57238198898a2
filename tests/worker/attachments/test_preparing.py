"""What a file holds decides what becomes of it, and a sentence says why one can't be used."""

import pytest

from daemons.worker.attachments.prepared import Unusable
from daemons.worker.attachments.preparing import prepare_file
from tests.support.attached_files import BAD, Sample


@pytest.mark.parametrize("sample", BAD, ids=lambda sample: sample.name)
def test_a_file_that_can_not_be_used_is_refused_with_a_sentence(sample: Sample) -> None:
    with pytest.raises(Unusable) as refused:
        prepare_file(sample.data)
    assert sample.refused in refused.value.detail
    assert refused.value.hint == "" or refused.value.hint.endswith(".")
    assert not refused.value.detail.endswith(".")
