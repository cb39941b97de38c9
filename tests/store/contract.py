"""What every store must do. A second store joins by subclassing ``StoreContract``.

A subclass gives two hooks: the fixture ``make``, and ``kept``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import anyio
import pytest

from app.errors import CapacityReached, NotFound, TakebackError, VersionConflict
from app.store.base import Store, Stored

TTL = 1000.0
ODD_IDS = ["", " ", "\0", "\ud800", "ключ", "../networks", "' OR 1=1 --", "%", "x" * 100_000]
ANY_BYTES = {
    "empty": b"",
    "every byte": bytes(range(256)),
    "not text": b"\xff\xfe\x00\x00\xed\xa0\x80",
    "large": bytes(range(250)) * 800,
}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class MakeStore(Protocol):
    """Makes an empty store; it is closed when the test ends."""

    def __call__(
        self, *, ttl_seconds: float = ..., max_networks: int = ..., brief_seconds: float = ...,
        clock: Clock = ...,
    ) -> Store: ...  # fmt: skip


async def refusal_of(call: object) -> tuple[type[TakebackError], str, int]:
    """What an awaitable is refused with."""
    with pytest.raises(TakebackError) as refused:
        await call  # type: ignore[misc]
    return refused.type, refused.value.code, refused.value.status


async def increment(store: Store, network_id: str, times: int) -> None:
    """Add one to a stored number, again and again, each time until it is done."""
    for _ in range(times):
        while True:
            stored = await store.load(network_id)
            await anyio.lowlevel.checkpoint()
            try:
                data = str(int(stored.data) + 1).encode()
                await store.save(network_id, data, expected=stored.version)
                break
            except VersionConflict:
                continue


class StoreContract:
    """The tests of ``app.store.base.Store``."""

    pytestmark: Sequence[pytest.MarkDecorator] = [pytest.mark.anyio]

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @pytest.fixture
    def make(self) -> MakeStore:
        """Hook: a factory of empty stores."""
        raise NotImplementedError

    async def kept(self, store: Store) -> bytes:
        """Hook: everything that the store keeps, as it keeps it."""
        raise NotImplementedError

    # --- versions -------------------------------------------------------------------------------

    async def test_a_new_network_is_kept_at_version_1(self, make: MakeStore) -> None:
        store = make()
        created = await store.create("n", b"new", op="o")
        assert created == Stored(1, b"new", "o")
        assert await store.load("n") == created

    async def test_each_save_is_the_next_version(self, make: MakeStore) -> None:
        store = make()
        await store.create("n", b"1")
        for version in range(1, 6):
            saved = await store.save("n", b"%d" % (version + 1), expected=version)
            assert saved == await store.load("n") == Stored(version + 1, b"%d" % (version + 1), "")

    async def test_the_last_operation_is_kept(self, make: MakeStore) -> None:
        store = make()
        await store.create("n", b"", op="first")
        await store.save("n", b"", expected=1, op="späť \N{SNOWMAN}")
        assert (await store.load("n")).last_op == "späť \N{SNOWMAN}"
        await store.save("n", b"", expected=2)
        assert (await store.load("n")).last_op == ""

    @pytest.mark.parametrize("stale", [-1, 0, 1, 3, 10**12])
    async def test_a_save_at_another_version_changes_nothing(
        self, make: MakeStore, stale: int
    ) -> None:
        store = make()
        await store.create("n", b"1")
        present = await store.save("n", b"2", expected=1, op="mine")
        with pytest.raises(VersionConflict) as refused:
            await store.save("n", b"other", expected=stale, op="other")
        assert refused.value.values["version"] == 2
        assert await store.load("n") == present

    async def test_networks_do_not_touch_each_other(self, make: MakeStore) -> None:
        store = make()
        await store.create("a", b"a")
        await store.create("b", b"b")
        await store.save("a", b"a2", expected=1)
        assert await store.load("b") == Stored(1, b"b", "")

    @pytest.mark.parametrize("data", ANY_BYTES.values(), ids=ANY_BYTES)
    async def test_data_is_any_bytes(self, make: MakeStore, data: bytes) -> None:
        store = make()
        await store.create("n", data)
        assert (await store.load("n")).data == data
        await store.save("n", data[::-1], expected=1)
        assert (await store.load("n")).data == data[::-1]

    # --- blocks ---------------------------------------------------------------------------------

    @pytest.mark.parametrize("data", ANY_BYTES.values(), ids=ANY_BYTES)
    async def test_blocks_are_kept_beside_the_data(self, make: MakeStore, data: bytes) -> None:
        store = make()
        await store.create("n", b"1", blocks={"a": data, "b.1.2": b"b"})
        await store.create("other", b"1", blocks={"a": b"theirs"})
        assert (await store.load("n")).blocks == {"a": data, "b.1.2": b"b"}
        await store.save("n", b"2", expected=1)
        await store.save("n", b"3", expected=2, blocks={"c": data, "b.1.2": b"B"})
        assert await store.load("n") == Stored(3, b"3", "", {"a": data, "b.1.2": b"B", "c": data})
        await store.save("n", b"4", expected=3, blocks={"d": b"d"}, alone=True)
        assert (await store.load("n")).blocks == {"d": b"d"}
        await store.save("n", b"5", expected=4, alone=True)
        assert (await store.load("n")).blocks == {}
        assert (await store.load("other")).blocks == {"a": b"theirs"}

    async def test_blocks_of_a_known_version_are_not_read(self, make: MakeStore) -> None:
        store = make()
        await store.create("n", b"1", op="o", blocks={"a": b"a"})
        assert await store.load("n", known=1) == Stored(1, b"1", "o")
        for other in (None, 0, 2):
            assert (await store.load("n", known=other)).blocks == {"a": b"a"}

    async def test_who_wrote_a_known_version_is_told(self, make: MakeStore) -> None:
        store = make()
        await store.create("n", b"1", op="o")
        await store.save("n", b"2", expected=1, op="p")
        found = await store.load("n", known=2)
        assert (found.version, found.last_op) == (2, "p")
        assert await store.load("n", known=1) == Stored(2, b"2", "p")
        await store.delete("n")
        with pytest.raises(NotFound):
            await store.load("n", known=2)

    @pytest.mark.parametrize("alone", [False, True])
    async def test_a_save_that_is_refused_leaves_the_blocks(
        self, make: MakeStore, alone: bool
    ) -> None:
        store = make()
        await store.create("n", b"1", blocks={"a": b"a"})
        with pytest.raises(VersionConflict):
            await store.save("n", b"2", expected=2, blocks={"a": b"other"}, alone=alone)
        assert await store.load("n") == Stored(1, b"1", "", {"a": b"a"})
        with pytest.raises(NotFound):
            await store.save("?", b"2", expected=1, blocks={"a": b"other"}, alone=alone)

    # --- ids ------------------------------------------------------------------------------------

    @pytest.mark.parametrize("odd", ODD_IDS, ids=range(len(ODD_IDS)))
    async def test_an_unknown_id_is_not_found(self, make: MakeStore, odd: str) -> None:
        store = make()
        await store.create("n", b"")
        assert (await refusal_of(store.load(odd)))[0] is NotFound
        assert (await refusal_of(store.save(odd, b"", expected=1)))[0] is NotFound

    async def test_ids_are_kept_as_hashes_only(self, make: MakeStore) -> None:
        store = make()
        secret, marker = "AVerySecretNetworkId", b"a-network's-data"
        await store.create(secret, marker, op="an-op")
        await store.save(secret, marker, expected=1, op="another-op")
        kept = await self.kept(store)
        assert marker in kept, "the hook sees what is kept"
        assert secret.encode() not in kept

    # --- time and room --------------------------------------------------------------------------

    async def test_an_expired_network_looks_like_an_unknown_one(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, clock=clock)
        await store.create("n", b"")
        clock.now += TTL - 1
        await store.load("n")
        clock.now += 2
        for old, unknown in [
            (store.load("n"), store.load("?")),
            (store.save("n", b"", expected=1), store.save("?", b"", expected=1)),
            (store.save("n", b"", expected=7), store.save("?", b"", expected=7)),
        ]:
            assert await refusal_of(old) == await refusal_of(unknown)
        await store.create("m", b"")
        await store.save("m", b"", expected=1)
        clock.now += TTL + 1
        assert await refusal_of(store.load("m", known=2)) == await refusal_of(store.load("?"))

    async def test_a_save_renews_the_time_to_live_and_a_load_does_not(
        self, make: MakeStore
    ) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, clock=clock)
        await store.create("n", b"")
        for version in (1, 2, 3):
            clock.now += 0.9 * TTL
            await store.save("n", b"", expected=version)
        clock.now += 0.9 * TTL
        await store.load("n")
        clock.now += 0.2 * TTL
        assert (await refusal_of(store.load("n")))[0] is NotFound

    async def test_a_full_store_refuses_new_networks_and_keeps_the_old(
        self, make: MakeStore
    ) -> None:
        store = make(max_networks=2)
        await store.create("a", b"a")
        await store.create("b", b"b")
        with pytest.raises(CapacityReached) as refused:
            await store.create("c", b"c")
        assert refused.value.values["limit"] == 2
        assert (await refusal_of(store.load("c")))[0] is NotFound
        await store.save("a", b"a2", expected=1)
        assert (await store.load("b")).data == b"b"

    async def test_expired_networks_make_room(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, max_networks=2, clock=clock)
        await store.create("a", b"")
        await store.create("b", b"")
        clock.now += TTL + 1
        await store.create("c", b"")
        await store.create("d", b"")
        with pytest.raises(CapacityReached):
            await store.create("e", b"")

    async def test_expired_networks_make_room_at_once(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, max_networks=1, clock=clock)
        await store.create("a", b"")
        clock.now += TTL - 1
        with pytest.raises(CapacityReached):
            await store.create("b", b"")
        clock.now += 2
        await store.create("b", b"")

    async def test_a_brief_network_lives_shorter_until_it_is_saved(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, brief_seconds=TTL / 10, clock=clock)
        for name in ("touched", "untouched"):
            await store.create(name, b"", brief=True)
        await store.create("lasting", b"")
        await store.save("touched", b"", expected=1)
        clock.now += TTL / 10 + 1
        assert (await refusal_of(store.load("untouched")))[0] is NotFound
        for name in ("touched", "lasting"):
            await store.load(name)
        clock.now += TTL
        for name in ("touched", "lasting"):
            assert (await refusal_of(store.load(name)))[0] is NotFound

    async def test_a_full_store_says_when_there_will_be_room(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, max_networks=2, clock=clock)
        await store.create("a", b"")
        clock.now += 100
        await store.create("b", b"")
        clock.now += 100
        with pytest.raises(CapacityReached) as refused:
            await store.create("c", b"")
        wait = float(str(refused.value.values["retry_after"]))
        assert wait == TTL - 200
        clock.now += wait
        await store.create("c", b"")

    async def test_who_fills_the_store_leaves_room_for_others(self, make: MakeStore) -> None:
        store = make(max_networks=100)
        for number in range(80):
            await store.create(f"busy-{number}", b"", client="busy")
        with pytest.raises(CapacityReached) as refused:
            await store.create("busy", b"", client="busy")
        assert (refused.value.code, refused.value.values["held"]) == ("capacity_share", 80)
        for number in range(10):
            await store.create(f"other-{number}", b"", client="other")
        assert (await refusal_of(store.create("busy", b"", client="busy")))[0] is CapacityReached

    async def test_untouched_networks_of_the_busiest_make_room(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=24 * 3600, brief_seconds=7200, max_networks=100, clock=clock)
        for number in range(80):
            await store.create(f"busy-{number}", b"", client="busy", brief=True)
        await store.save("busy-0", b"", expected=1)
        for number in range(20):
            await store.create(f"other-{number}", b"", client=f"other-{number}", brief=True)
        late = store.create("early", b"", client="new")
        assert (await refusal_of(late))[0] is CapacityReached, "nobody had time to touch them"
        clock.now += 3600
        await store.create("late", b"", client="new")
        for name, found in {"busy-0": True, "busy-1": False, "busy-2": True}.items():
            if found:
                await store.load(name)
            else:
                assert (await refusal_of(store.load(name)))[0] is NotFound
        for number in range(20):
            await store.load(f"other-{number}")

    async def test_what_has_expired_goes_by_itself(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, clock=clock)
        for number in range(50):
            await store.create(f"n{number}", b"GONE" * 100, blocks={"a": b"GONE" * 3000})
        clock.now += TTL / 2
        await store.create("young", b"STAYS")
        clock.now += TTL / 2 + 1
        for _ in range(60):
            if not await store.tidy():
                break
        assert not await store.tidy()
        await store.load("young")

    async def test_a_clock_that_goes_back_makes_nothing_old(self, make: MakeStore) -> None:
        clock = Clock()
        store = make(ttl_seconds=TTL, clock=clock)
        await store.create("n", b"")
        clock.now -= 100 * TTL
        await store.load("n")
        assert not await store.tidy()
        await store.save("n", b"", expected=1)

    # --- deletion -------------------------------------------------------------------------------

    async def test_a_deleted_network_looks_like_an_unknown_one(self, make: MakeStore) -> None:
        store = make(max_networks=1)
        await store.create("n", b"", blocks={"a": b"a"})
        assert (await refusal_of(store.delete("n", expected=2)))[0] is VersionConflict
        await store.delete("n", expected=1)
        for gone in (store.load("n"), store.delete("n"), store.save("n", b"", expected=1)):
            assert await refusal_of(gone) == await refusal_of(store.load("?"))
        await store.create("n", b"again")
        assert (await store.load("n")) == Stored(1, b"again", "")

    # --- many at once ---------------------------------------------------------------------------

    async def test_of_many_saves_of_one_version_exactly_one_wins(self, make: MakeStore) -> None:
        store = make()
        await store.create("n", b"")
        won: list[int] = []
        lost: list[int] = []

        async def attempt(worker: int) -> None:
            await anyio.lowlevel.checkpoint()
            try:
                await store.save("n", b"%d" % worker, expected=1)
                won.append(worker)
            except VersionConflict:
                lost.append(worker)

        async with anyio.create_task_group() as group:
            for worker in range(20):
                group.start_soon(attempt, worker)
        assert len(won) == 1
        assert len(lost) == 19
        assert await store.load("n") == Stored(2, b"%d" % won[0], "")

    async def test_no_update_is_lost(self, make: MakeStore) -> None:
        store = make()
        await store.create("n", b"0")
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(increment, store, "n", 25)
        assert await store.load("n") == Stored(201, b"200", "")

    # --- health ---------------------------------------------------------------------------------

    async def test_a_sound_store_passes_its_check(self, make: MakeStore) -> None:
        await make().check()
