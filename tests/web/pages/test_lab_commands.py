"""A command by a form of the page: the path that it takes through the program."""

import re
import sys
from pathlib import Path
from typing import Any

import httpx

from app.main import create_app
from app.settings import Settings
from tests.support import ROOT
from tests.web.support import HTMX, run_async

CLICK = (ROOT / "docs" / "architecture.md").read_text().partition("## The path of a click")[2]
STEP = re.compile(r'hx-post="(/[^"]+/step)"')
STATE = re.compile(r'name="(version|op)" value="([^"]+)"')


def test_a_click_takes_the_path_that_the_map_tells(settings: Settings) -> None:
    told = re.findall(r"`(app/[\w/]+\.py)`", CLICK.partition("\n## ")[0].partition("Around all")[0])
    passed = dict[str, None]()

    def note(frame: Any, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT / "app")):
            passed[Path(frame.f_code.co_filename).relative_to(ROOT).as_posix()] = None

    async def click() -> int:
        app = create_app(settings)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://lab", headers=HTMX) as client,
        ):
            page = (await client.post("/examples/mazur-2-2-2/step")).text
            (url,) = {*STEP.findall(page)}
            sys.setprofile(note)
            try:
                return (await client.post(url, data=dict(STATE.findall(page)))).status_code
            finally:
                sys.setprofile(None)

    assert run_async(click) == 200
    assert len(told) == 14
    assert not {*told} - {*passed}
