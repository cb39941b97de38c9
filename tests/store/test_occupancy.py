"""Who fills a store, and who gives way."""

from app.store.occupancy import ClientKey, Occupancy

HOUR = 3600.0


def made(networks: int = 100) -> Occupancy:
    return Occupancy(networks, 1_000_000, 2 * HOUR)


def fill(occupancy: Occupancy, client: ClientKey, count: int, *, brief: bool = True) -> None:
    for number in range(count):
        key = f"{client}-{number}".encode()
        occupancy.add(key, client, 2 * HOUR if brief else 24 * HOUR, 100, brief=brief)


def test_one_client_alone_may_take_four_fifths() -> None:
    occupancy = made()
    fill(occupancy, "a", 79)
    assert occupancy.admits("a", 0)
    fill(occupancy, "b", 2)
    assert not occupancy.admits("a", 0)
    assert occupancy.admits("b", 0)
    assert occupancy.admits(None, 0)


def test_a_class_finds_room_beside_a_flood() -> None:
    """300 students behind one address, five networks each, in a store that one client filled."""
    occupancy = made(10_000)
    flood = 0
    while occupancy.admits("flood", 0):
        occupancy.add(b"f%d" % flood, "flood", HOUR, 1, brief=False)
        flood += 1
    for number in range(1500):
        assert occupancy.admits("school", 0)
        occupancy.add(b"s%d" % number, "school", HOUR, 1, brief=True)


def test_the_busiest_gives_way_with_its_oldest() -> None:
    occupancy = made()
    fill(occupancy, "a", 60)
    fill(occupancy, "b", 40)
    occupancy.renew(b"a-0", 24 * HOUR, 0, (2, ""))
    assert occupancy.replaceable("new", HOUR) == b"a-1"
    assert occupancy.replaceable("b", HOUR) == b"a-1"
    assert occupancy.replaceable("a", HOUR) is None, "nobody is busier"
    assert occupancy.replaceable("new", 60) is None, "a minute old"
    for number in range(1, 60):
        occupancy.renew(b"a-%d" % number, 24 * HOUR, 0, (2, ""))
    assert occupancy.replaceable("new", HOUR) == b"b-0", "what was touched stays"


def test_what_was_there_before_the_start_is_nobodys() -> None:
    occupancy = made()
    fill(occupancy, None, 100)
    assert not occupancy.admits("new", 0)
    assert occupancy.replaceable("new", HOUR) == b"None-0"


def test_bytes_count_as_networks_do() -> None:
    occupancy = made()
    fill(occupancy, "small", 20)
    occupancy.add(b"n", "large", HOUR, 500_000, brief=True)
    occupancy.renew(b"n", 24 * HOUR, 300_000, (2, ""))
    for client, may in {"large": False, "small": True, "new": True, None: True}.items():
        assert occupancy.grants(client, 850_000) is may
        assert occupancy.admits(client, 850_000) is may
    occupancy.drop(b"n")
    assert occupancy.grants("large", 850_000)


def test_it_forgets_what_is_gone() -> None:
    occupancy = made()
    fill(occupancy, "a", 3)
    fill(occupancy, "b", 2, brief=False)
    assert (len(occupancy), occupancy.next_expiry()) == (5, 2 * HOUR)
    assert occupancy.expired(2 * HOUR - 1) is None
    for left in (4, 3, 2):
        occupancy.drop(occupancy.expired(2 * HOUR) or b"")
        assert len(occupancy) == left
    assert occupancy.expired(2 * HOUR) is None
    assert (occupancy.held_by("a"), occupancy.held_by("b")) == (0, 2)
