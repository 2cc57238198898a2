"""What the model API's faults mean for people: a status and a code become one of our errors."""

import re

from shared.domain.errors import BadGateway, PageWrightError, TooLarge, TooMany, Unavailable

_CODE = re.compile(r"[a-z][a-z_]{1,60}")
_SECONDS = re.compile(r"\d{1,6}(\.\d{1,3})?")
_USUAL_PAUSE = 3.0
_LATER = "Try again in a few minutes."


class EndpointBusy(TooMany):
    """The endpoint asks for a pause of `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("The model API is busy.", _LATER)
        self.seconds = seconds

    @classmethod
    def until(cls, retry_after: str) -> "EndpointBusy":
        """From the answer's Retry-After header, which may be missing or a date."""
        return cls(float(retry_after) if _SECONDS.fullmatch(retry_after) else _USUAL_PAUSE)


class EndpointRefused(BadGateway):
    """The endpoint does not take this request, and may take it in another form."""


class EndpointBroken(EndpointRefused):
    """The endpoint had a fault of its own. Some endpoints refuse a request that way, and then do so again."""


def failure_code(error: object) -> str:
    """The machine-readable code of a failure, `server_error` if it has none that can be passed on."""
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else "server_error"


def error_for_status(status: int, code: str, model: str) -> PageWrightError:
    """The error for an answer that is none."""
    if code == "context_length_exceeded":
        return TooLarge("The request is too long for the model.", "Ask for a smaller change.")
    if code == "insufficient_quota":
        return Unavailable("The model API's credit is used up.", "Operators: check the account's billing and limits.")
    if status in (401, 403):
        return BadGateway(
            "The model API refused the key.",
            "Operators: check PAGEWRIGHT_MODEL_KEY, and that its project may use the model.",
        )
    if status == 404:
        return BadGateway(
            f"The model API does not know the model {model}, or has no Responses API.",
            "Operators: check PAGEWRIGHT_MODEL_NAME and PAGEWRIGHT_MODEL_BASE_URL.",
        )
    if 300 <= status < 400:
        return BadGateway(
            "The model API sends us to another address, which we don't follow.",
            "Operators: set PAGEWRIGHT_MODEL_BASE_URL to the final address.",
        )
    if status >= 500:
        # A chat template that can't render a request is a 500 of llama.cpp; 502 and above come from what is in front.
        fault = EndpointBroken if status in (500, 501) else BadGateway
        return fault(f"The model API has a fault of its own ({status}).", _LATER)
    return EndpointRefused(
        f"The model API did not accept the request ({status}).",
        "Try again; if it happens again, tell the operator of this site.",
    )
