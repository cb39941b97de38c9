"""Static files: what browsers get of them."""

import re

from app.web.http.assets import FOLLOWING, QUIETLY, sent
from tests.support import ROOT
from tests.web.support import Client


def test_comments_and_indentation_stay_here() -> None:
    script = b"// says why\nlet a = 1;  // short\n  // more\n  fetch('//x');\n"
    assert sent("app.js", script) == b"let a = 1;  // short\nfetch('//x');\n"
    assert sent("vendor/htmx.min.js", script) == script
    style = b"/* Says *why*,\n   at length. */\na { b: c; } /*!*/\n  /* more */\n  & d { e: f; }\n"
    assert sent("app.css", style) == b"a { b: c; } /*!*/\n& d { e: f; }\n"
    assert sent("app.css", script).startswith(b"// says why")


def test_no_text_of_a_script_loses_the_beginning_of_a_line() -> None:
    """Texts in backticks may have several lines, of which none may lose its beginning."""
    for path in (ROOT / "static").glob("*.js"):
        texts = path.read_text(encoding="utf-8").split("`")[1::2]
        assert not any(
            line.startswith((" ", "\t", "//")) for one in texts for line in one.split("\n")[1:]
        )


def test_a_script_is_served_so(client: Client) -> None:
    (url,) = re.findall(r'"(/static/[0-9a-f]+/film\.js)"', client.get("/").text)
    served = client.get(url).content
    assert served == sent("film.js", (ROOT / "static" / "film.js").read_bytes())
    assert b"\n//" not in served


def test_what_a_server_out_of_reach_would_log_is_where_it_is_looked_for() -> None:
    scripts = b"".join((ROOT / "static" / name).read_bytes() for name in FOLLOWING)
    assert [scripts.count(logs) for logs, _ in QUIETLY] == [1, 1, 1, 1]
