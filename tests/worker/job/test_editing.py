"""What an edit came to is said with what it lacks."""

from daemons.worker.job.editing import Edited


def test_an_edit_of_an_older_version_says_what_it_lacks_in_answer_and_record() -> None:
    edited = Edited({"index.html": b"x"}, "The footer is blue.")
    assert edited.made_from(3, 3) == edited
    lacking = edited.made_from(3, 4)
    fact = "Made from version 3. It does not have the changes of version 4."
    assert lacking.answer == f"The footer is blue.\n\n{fact}"
    assert [(check.name, check.findings) for check in lacking.checks] == [("base", (fact,))]
    assert lacking.source == edited.source
