"""Labs in a store: what an older program wrote, and how little a step of a long history writes."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.errors import InvalidInput, NotFound
from app.lab import limits
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.store.base import NONE, Blocks, Stored
from app.store.codec import decode, encode, size_of
from app.store.document import document_of
from app.store.lab_store import LabCache, LabStore
from app.store.sqlite import SqliteStore

pytestmark = pytest.mark.anyio
MAZUR = EXAMPLES["mazur-2-2-2"].spec
FORMAT_2 = Path(__file__).parent / "format2"
"""A database of three networks that was written before there were blocks, and their digests."""
DIGESTS: dict[str, str] = json.loads((FORMAT_2 / "networks.json").read_text(encoding="utf-8"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Counted(SqliteStore):
    """A store that counts the bytes and blocks written last, and the blocks read last."""

    data, written, read = 0, 0, 0

    async def load(self, network_id: str | bytes, *, known: int | None = None) -> Stored:
        stored = await super().load(network_id, known=known)
        self.read = len(stored.blocks)
        return stored

    async def save(
        self, network_id: str, data: bytes, *, blocks: Blocks = NONE, **more: Any
    ) -> Stored:
        self.data, self.written = len(data), len(blocks)
        return await super().save(network_id, data, blocks=blocks, **more)


def counted(directory: Path) -> Counted:
    return Counted(directory, ttl_seconds=1e12, max_networks=10)


def opened(store: SqliteStore) -> LabStore:
    """The store with nothing remembered."""
    return LabStore(store, LabCache(10, 10))


def digest(lab: Lab) -> str:
    document = orjson.dumps(document_of(lab), option=orjson.OPT_SERIALIZE_NUMPY)
    return hashlib.sha256(document).hexdigest()


# --- what an older program wrote ------------------------------------------------------------------


@pytest.mark.parametrize("name", DIGESTS)
async def test_a_database_of_format_2_opens_without_loss(tmp_path: Path, name: str) -> None:
    shutil.copy(FORMAT_2 / "takeback.sqlite3", tmp_path)
    store = counted(tmp_path)
    network = await opened(store).load(name)
    assert digest(network.lab) == DIGESTS[name]
    assert (network.version, network.last_op) == (2, f"{name}:op")
    # It goes on from there, and is of the present format once it is written.
    labs = opened(store)
    saved = await labs.save(await labs.load(name), network.lab.stepped(300), "an-op")
    again = await opened(store).load(name)
    assert (again.version, again.last_op) == (saved.version, saved.last_op) == (3, "an-op")
    assert again.is_whole is False
    assert digest(again.lab) == digest(network.lab.stepped(300))
    await store.close()


# --- blocks ---------------------------------------------------------------------------------------


async def test_a_step_writes_as_little_after_many_steps_as_after_few(tmp_path: Path) -> None:
    store = counted(tmp_path)
    labs = opened(store)
    network = await labs.create("n", Lab.fresh(MAZUR))
    sizes = []
    for count in (10, 10_000, 1):
        network = await labs.save(network, network.lab.stepped(count))
        network = await labs.save(await labs.load("n"), network.lab.stepped())
        sizes.append(store.data)
        assert (store.written, store.read) == (0, 0)
    assert max(sizes) < min(sizes) + 256 * 8
    network = await labs.save(network, network.lab.stepped(256))
    assert store.written == 1
    again = await opened(store).load("n")
    assert encode(again.lab) == encode(network.lab)
    assert store.read == len(again.lab.branches[0].segments[0].losses.blocks) + 1
    await store.close()


async def test_whatever_is_done_the_store_has_all_of_it(tmp_path: Path) -> None:
    store = counted(tmp_path)
    labs = opened(store)
    network = await labs.create("n", Lab.fresh(MAZUR))
    for change in (
        lambda lab: lab.stepped(600),
        lambda lab: lab.edited(Edit(learning_rate=0.1)),
        lambda lab: lab.stepped(300),
        lambda lab: lab.rewound(256).edited(Edit(weights={"w1": 0.5})),
        lambda lab: lab.stepped(700),
        lambda lab: lab.switched(0, 500),
        lambda lab: lab.edited(Edit(inputs=[0.5, 0.25])).stepped(256),
        lambda lab: lab.switched(1),
        lambda lab: lab.stepped(300),
        lambda lab: lab.reset(forget=True),
        lambda lab: lab.stepped(600),
    ):
        network = await labs.save(network, change(network.lab))
        again = await opened(store).load("n")
        assert encode(again.lab) == encode(network.lab)
        assert again.version == network.version
    assert store.read == 3, "nothing of what was forgotten is kept"
    await store.close()


async def test_blocks_go_with_their_network(tmp_path: Path) -> None:
    now = [0.0]
    store = SqliteStore(tmp_path, ttl_seconds=10, max_networks=1, clock=lambda: now[0])
    await store.create("old", b"", blocks={"a": b"1"})
    now[0] = 20.0
    await store.create("new", b"", blocks={"a": b"2", "b": b"3"})
    assert (await store.load("new")).blocks == {"a": b"2", "b": b"3"}
    assert store._db.execute("SELECT count(*) FROM blocks").fetchone() == (2,)
    await store.close()


def test_a_lab_lacks_nothing_but_the_blocks_that_are_stored() -> None:
    lab = Lab.fresh(MAZUR).stepped(600)
    later = lab.stepped(500)
    whole, more = encode(later), encode(later, lab)
    assert more.data == whole.data
    assert {**encode(lab).blocks, **more.blocks} == whole.blocks
    assert (list(more.blocks), more.alone) == (["0.0.2", "0.0.3"], False)
    assert encode(decode(whole)) == whole
    # A Lab that does not go on from the stored one is written whole.
    assert encode(Lab.fresh(MAZUR).stepped(600), later) == encode(Lab.fresh(MAZUR).stepped(600))


# --- limits ---------------------------------------------------------------------------------------


async def test_a_history_grows_to_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = counted(tmp_path)
    labs = opened(store)
    lab = Lab.fresh(MAZUR).stepped(600)
    network = await labs.create("n", lab)
    monkeypatch.setattr("app.lab.limits.MAX_STORED_BYTES", size_of(lab))
    with pytest.raises(InvalidInput):
        await labs.save(network, lab.stepped())
    assert (await labs.load("n")).version == 1
    monkeypatch.setattr("app.lab.limits.MAX_STORED_BYTES", limits.MAX_STORED_BYTES // 2)
    assert (await labs.save(network, lab.rewound(3))).version == 2, "what is no larger is kept"
    await store.close()


def test_a_labs_size_is_that_of_its_bytes() -> None:
    lab = Lab.fresh(MAZUR).stepped(3000).rewound(1000).edited(Edit(learning_rate=0.1)).stepped(600)
    content = encode(lab)
    bytes_of_it = len(content.data) + sum(map(len, content.blocks.values()))
    assert size_of(lab) == pytest.approx(bytes_of_it, rel=0.05)


# --- the cache ------------------------------------------------------------------------------------


def test_the_labs_used_longest_ago_make_room() -> None:
    cache, lab = LabCache(2, 10), Lab.fresh(MAZUR)
    cache.put("a", 1, lab)
    cache.put("b", 1, lab)
    assert cache.get("a") == (1, lab)
    cache.put("c", 7, lab)
    assert [cache.get(name) for name in "abc"] == [(1, lab), None, (7, lab)]
    cache.put("a", 2, lab)
    assert cache.get("a") == (2, lab)


def test_large_labs_make_room_for_each_other_and_one_is_always_kept() -> None:
    cache, large = LabCache(100, 1), Lab.fresh(MAZUR).stepped(40_000)
    for name in "abc":
        cache.put(name, 1, large)
    assert [cache.get(name) is not None for name in "abc"] == [False, False, True]
    cache.put("c", 2, Lab.fresh(MAZUR))
    cache.put("d", 1, Lab.fresh(MAZUR))
    assert cache.get("c")
    assert cache.get("d")


def test_a_large_structure_weighs_by_its_weights() -> None:
    spec = {
        "layers": [20, 49, 20], "activations": ["tanh", "tanh"],
        "samples": [{"inputs": [0.5] * 20, "targets": [0.5] * 20}],
        "initialization": {"scheme": "zeros", "seed": 0},
    }  # fmt: skip
    cache, large = LabCache(100, 1), Lab.fresh(spec_from_data(spec))
    for name in "abcd":
        cache.put(name, 1, large)
    assert [cache.get(name) is not None for name in "abcd"] == [False, False, True, True]


async def test_a_format_that_is_not_known_looks_like_no_network(tmp_path: Path) -> None:
    store = counted(tmp_path)
    await store.create("n", b"something else entirely")
    await store.create("lost", encode(Lab.fresh(MAZUR)).data)
    for name in ("n", "lost"):
        with pytest.raises(NotFound):
            await opened(store).load(name)
    await store.close()
