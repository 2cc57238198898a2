"""What the practice model answers to our own questions, which it knows by the form of their answers."""

from pydantic import ValidationError

from daemons.model.answer_forms import FormName
from daemons.model.practice.planning import Say
from daemons.model.practice.scope_answer import scope_answer
from shared.domain.model_questions import ScopeQuestion


def answer_question(form: FormName, text: str) -> Say:
    """The answer as JSON of this form; nothing if it can't read the question, as when the agent asks in our name.

    It has no opinion on what was done: a patch that it wrote is no proof.
    """
    try:
        match form:
            case "pagewright_scope":
                return Say(scope_answer(ScopeQuestion.model_validate_json(text)).model_dump_json())
            case "pagewright_look":
                return Say("")
    except ValidationError:
        return Say("")
