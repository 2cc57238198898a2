"""The agent sees an attached picture: the real Codex hands its model the small copy, and not the photo's place."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.support.attached_files import PLACE, SAMPLES
from tests.support.scripted_endpoint import message, tool_call
from tests.support.scripted_system import ScriptedSystem

pytestmark = pytest.mark.xdist_group("scripted-system")

PHOTO = next(sample for sample in SAMPLES if sample.name == "IMG_2034.HEIC")
LOOK = "/agent/uploads/look/IMG_2034.jpg.jpg"


def test_the_model_gets_the_picture_that_it_asks_to_see(scripted: ScriptedSystem, tmp_path: Path) -> None:
    system = scripted.with_sites("seen").system
    (tmp_path / PHOTO.name).write_bytes(PHOTO.data)
    upload = system.client.upload("seen", tmp_path / PHOTO.name)["id"]
    scripted.endpoint.script(tool_call("view_image", {"path": LOOK}), message("It is grey."))
    asked = system.ask("seen", "What is it?", attachments=[{"upload": upload, "use": "look"}])
    job = system.finish(asked)
    assert (job["state"], job["version"]) == ("succeeded", None), job
    first, second = (str(request.json) for request in scripted.endpoint.received[-2:])
    assert "/agent/uploads/IMG_2034.jpg: JPEG, 1280 × 960 pixels" in first
    assert f"To see it, view {LOOK}. It is only for you to look at" in first
    sent = second.partition("base64,")[2].partition("'")[0]
    with Image.open(BytesIO(b64decode(sent))) as seen:
        assert max(seen.size) <= 1200
    assert PLACE not in b64decode(sent)
