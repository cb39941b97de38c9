"""Pages that go from test to test: a new one takes Chromium a second of work, a clean one none."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request

from tests.browser.answers import COUNTING

EMPTY = "about:blank"
MOST_PLACES = 20
"""A page keeps 50 places of its history; tests count theirs."""
LOOKS = {
    "viewport": {"width": 1280, "height": 720},
    "color_scheme": "light",
    "reduced_motion": "no-preference",
    "forced_colors": "none",
}
"""Options that a page can change, and Playwright's own values of them."""


@dataclass
class Watch:
    """What went wrong on a page, and where it sent requests."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    _pages: list[Page] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Watch ``page``."""
        self._pages.append(page)
        page.on("pageerror", self._broke)
        page.on("console", self._logged)
        page.on("request", self._asked)

    def off(self, page: Page) -> None:
        """Watch ``page`` no longer, if it was watched."""
        if page in self._pages:
            self._pages.remove(page)
            page.remove_listener("pageerror", self._broke)
            page.remove_listener("console", self._logged)
            page.remove_listener("request", self._asked)

    def assert_clean(self, base: str) -> None:
        """Nothing went wrong, and no other host was asked."""
        assert self.errors == []
        assert self.hosts <= {urlsplit(base).netloc}

    def _broke(self, error: object) -> None:
        self.errors.append(str(error))

    def _logged(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).netloc)


class Kept:
    """Clean pages, each in a profile of its own, by the options that a page cannot change."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._clean: dict[str, list[Page]] = {}

    def lend(self, options: dict[str, Any]) -> Page:
        """A page without a past, with these options of ``Browser.new_context``."""
        look = {**LOOKS, **options}
        clean = self._clean_ones(options)
        page = clean.pop() if clean else self._new_one(options)
        page.set_viewport_size(look["viewport"])
        page.emulate_media(
            media="null", color_scheme=look["color_scheme"],
            reduced_motion=look["reduced_motion"], forced_colors=look["forced_colors"],
        )  # fmt: skip
        return page

    def take_back(self, page: Page, options: dict[str, Any]) -> None:
        """Clean a page and keep it, but for one that was closed or has been to many places."""
        if page.is_closed():
            return
        context = page.context
        if page.evaluate("history.length") > MOST_PLACES:
            context.close()
            return
        for other in context.pages:
            if other is not page:
                other.close()
        page.unroute_all()
        page.goto(EMPTY)
        page.mouse.move(-1, -1)
        context.clear_cookies()
        context.clear_permissions()
        self._clean_ones(options).append(page)

    def _new_one(self, options: dict[str, Any]) -> Page:
        context = self._chromium.new_context(**options)
        context.add_init_script(COUNTING)
        return context.new_page()

    def _clean_ones(self, options: dict[str, Any]) -> list[Page]:
        fixed = sorted((name, value) for name, value in options.items() if name not in LOOKS)
        return self._clean.setdefault(repr(fixed), [])


class Profile:
    """What a test sees of a profile."""

    def __init__(self, profiles: "Profiles", options: dict[str, Any]) -> None:
        self._profiles, self._options = profiles, options
        self._pages: list[Page] = []

    def new_page(self) -> Page:
        """A page of the profile."""
        self._pages.append(self._profiles.new_page(**self._options))
        return self._pages[-1]

    def close(self) -> None:
        """Give back its pages."""
        while self._pages:
            self._profiles.give_back(self._pages.pop())


class Profiles:
    """What a test sees of Chromium; what it does not close is given back at its end."""

    def __init__(self, kept: Kept, watch: Watch) -> None:
        self._kept, self._watch = kept, watch
        self._lent: dict[Page, dict[str, Any]] = {}

    def new_context(self, **options: Any) -> Profile:
        """A profile with these options."""
        return Profile(self, options)

    def new_page(self, **options: Any) -> Page:
        """A clean page with these options."""
        page = self._kept.lend(options)
        self._lent[page] = options
        return page

    def give_back(self, page: Page) -> None:
        """Watch a page no longer, and leave it to the next test."""
        self._watch.off(page)
        self._kept.take_back(page, self._lent.pop(page))

    def close(self) -> None:
        """Give back all that is lent."""
        for page in list(self._lent):
            self.give_back(page)
