"""What the application answers to an address or a method that it does not have: one shape, for programs and people."""

from tests.api.conftest import World, problem
from tests.support.api_process import PUBLIC_URL


def test_a_program_is_told_in_a_problem(world: World) -> None:
    told = problem(world.ana.get("nowhere"), 404)
    assert (told["detail"], told["title"]) == ("There is nothing at this address.", "Not Found")
    assert told["hint"] == "The addresses are listed at /api/v1/openapi.json."
    answer = world.ana.delete("sites")
    assert problem(answer, 405)["detail"] == "This address does not take this method."
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


def test_a_person_is_told_on_a_page(world: World) -> None:
    for address, status in ((f"{PUBLIC_URL}/nowhere", 404), (f"{PUBLIC_URL}/api/v1", 404)):
        answer = world.api.client().get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert "There is nothing at this address." in answer.text
