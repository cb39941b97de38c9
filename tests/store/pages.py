"""Which networks lie on which pages of a sound database."""

from collections import defaultdict
from pathlib import Path

from app.store.salvage import _Pages

PAGE = 8192


class _Traced(_Pages):
    """Pages that note which were looked at."""

    def page(self, number: int) -> bytes:
        self.seen.add(number)
        return super().page(number)

    def __init__(self, file: Path) -> None:
        self.seen: set[int] = set()
        log = Path(f"{file}-wal")
        super().__init__(file.read_bytes(), log.read_bytes() if log.exists() else b"", PAGE)


def owners_of_pages(file: Path) -> dict[int, set[bytes]]:
    """The keys of the networks that have a record, or a part of one, on each page."""
    pages, found = _Traced(file), defaultdict[int, set[bytes]](set)
    free = pages._free()
    for number in range(1, pages._count + 1):
        if number in free:
            continue
        pages.seen = {number}
        for record in pages._on_page(number):
            for page in {number, *pages.seen} if len(record) > 1 else ():
                found[page].add(record[0])
            pages.seen = {number}
    return found
