"""The small pictures of data sets."""

import re

from app.data.catalog import OPTIONS
from app.views.pages.thumbnails import HEIGHT, WIDTH, thumbnails


def test_each_data_set_has_its_own_picture_and_few_bytes() -> None:
    found = thumbnails()
    assert found.keys() == OPTIONS.keys()
    assert len({str(one.clouds) for one in found.values()}) == len(found)
    paths = [cloud.path for one in found.values() for cloud in one.clouds]
    assert sum(map(len, paths)) < 8_000
    for path in paths:
        for x, y in re.findall(r"M(-?\d+) (-?\d+)h0", path):
            assert 0 <= int(x) <= WIDTH
            assert 0 <= int(y) <= HEIGHT
    assert [name for name, one in found.items() if one.few] == ["and", "or", "xor"]
