"""What is asked is checked before anything is done, and told in one sentence."""

import pytest
from pydantic import BaseModel

from daemons.api.database.paging import NoQuery
from daemons.api.json_routes.endpoint import checked
from daemons.api.json_routes.people_routes import TokenInput, UserInput
from daemons.api.json_routes.site_routes import DeploymentInput
from shared.domain.errors import InvalidInput
from tests.api.conftest import World, problem


@pytest.mark.parametrize(
    ("model", "value", "says", "hint"),
    [
        (TokenInput, {}, "The field name is missing.", "The fields are: name."),
        (TokenInput, {"name": 3}, "The field name is not a text.", "The fields are: name."),
        (TokenInput, {"name": ""}, "The field name is too short.", "The fields are: name."),
        (TokenInput, {"name": "x" * 81}, "The field name is too long.", "The fields are: name."),
        (UserInput, {"email": "a", "admin": "x"}, "The field admin is not right", "The fields are: email, admin."),
        (UserInput, {"email": "a", "age": 3}, "The field age is not known here.", "The fields are: email, admin."),
        (DeploymentInput, {"slot": "current", "version": "x"}, "The field version is not a whole number.", "fields"),
        (NoQuery, {"x" * 500: "1"}, f"The field {'x' * 80} is not known here.", ""),
        (TokenInput, ["name"], "The request's body is not a JSON object.", "Send an object"),
    ],
)
def test_the_first_field_that_is_wrong_is_named(model: type[BaseModel], value: object, says: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as error:
        checked(model, value)
    assert error.value.detail.startswith(says)
    assert hint in error.value.hint


def test_what_is_right_is_a_record() -> None:
    assert checked(TokenInput, {"name": " laptop "}) == TokenInput(name="laptop")


def test_a_body_says_of_which_type_it_is(world: World) -> None:
    body, form = b'{"name": "typed"}', {"Content-Type": "application/x-www-form-urlencoded"}
    assert world.ana.post("tokens", content=body, headers={"Content-Type": "Application/JSON; x"}).status_code == 201
    told = problem(world.ana.post("tokens", content=b"name=x", headers=form), 422)
    assert told["hint"] == "Send application/json."
    told = problem(world.ana.post("sites", content=b"name=x", headers=form), 422)
    assert told["hint"] == "Send application/json or multipart/form-data."


def test_who_may_not_ask_is_told_before_what_was_asked_wrongly(world: World) -> None:
    problem(world.api.client().post("users", json={"colour": "blue"}), 401)
    problem(world.ben.post("users", json={"colour": "blue"}), 403)
    problem(world.root.post("users", json={"colour": "blue"}), 422)
