"""The practice model answers our own questions in their form, and says nothing to what it can't read."""

from daemons.model.practice.question_answers import answer_question
from shared.domain.model_questions import ScopeAnswer


def test_a_question_is_answered_in_its_form() -> None:
    said = answer_question("pagewright_scope", '{"message": "Change the background colour to blue"}')
    assert ScopeAnswer.model_validate_json(said.text).everywhere


def test_what_is_no_question_gets_no_answer() -> None:
    for text in ("Change the background colour to blue", "{}", '{"message": "a", "schema": 1}'):
        assert answer_question("pagewright_scope", text).text == ""


def test_it_has_no_opinion_on_what_was_done() -> None:
    assert answer_question("pagewright_look", '{"message": "a", "changes": []}').text == ""
