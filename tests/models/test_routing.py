from collections import Counter

import pytest

from classwright.models.routing import LOAD, LONGEST_REST_S, REST_S, Router, beginning

SERVERS = ["http://a/v1", "http://b/v1", "http://c/v1"]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def prompt(problem: str, talk: str, role: str) -> dict:
    return {"messages": [{"role": "system", "content": "Rules"}, {"role": "user", "content": f"{problem}{talk}{role}"}]}


def test_the_turns_of_a_dialogue_begin_alike_and_dialogues_do_not():
    problem, other = "What is 3/4 + 1/6? " * 30, "What is 2/3 + 1/6? " * 30
    assert beginning(prompt(problem, "", "tutor")) == beginning(prompt(problem, "Tutor: Why?", "student"))
    assert beginning(prompt(problem, "", "tutor")) != beginning(prompt(other, "", "tutor"))


def test_one_dialogue_stays_at_one_server_and_many_spread_over_all():
    router, homes = Router(SERVERS), Counter()
    for n in range(300):
        places = set()
        for _ in range(3):
            server = router.take(b"dialogue %d" % n)
            router.give_back(server, failed=False)
            places.add(server)
        assert len(places) == 1
        homes.update(places)
    assert min(homes.values()) > 60


def test_no_server_gets_much_more_than_the_mean_load():
    router = Router(SERVERS)
    taken = Counter(router.take(b"the same start") for _ in range(90))
    assert max(taken.values()) <= LOAD * 30 + 1
    assert sum(taken.values()) == 90


def test_a_server_that_failed_is_spared_ever_longer_and_comes_back():
    clock = Clock()
    router = Router(SERVERS, clock)
    home = router.take(b"x")
    router.give_back(home, failed=True)
    assert router.take(b"x") != home
    clock.now = REST_S + 0.01
    assert router.take(b"x") == home
    router.give_back(home, failed=True)
    clock.now += REST_S + 0.01
    assert router.take(b"x") != home
    clock.now += LONGEST_REST_S
    router = Router(SERVERS, clock)
    assert router.take(b"x") == home


def test_a_retry_goes_to_another_server_even_where_all_rest():
    router = Router(SERVERS[:2], Clock())
    for server in SERVERS[:2]:
        router.take(b"x")
        router.give_back(server, failed=True)
    first = router.take(b"x")
    router.give_back(first, failed=True)
    assert router.take(b"x", last=first) != first


@pytest.mark.parametrize("gone", SERVERS)
def test_without_one_server_only_its_dialogues_move(gone):
    starts = [b"dialogue %d" % n for n in range(60)]
    rest = [s for s in SERVERS if s != gone]

    def homes(servers):
        router, found = Router(servers), {}
        for start in starts:
            found[start] = router.take(start)
            router.give_back(found[start], failed=False)
        return found

    before, after = homes(SERVERS), homes(rest)
    assert all(after[s] == before[s] for s in starts if before[s] != gone)


def test_a_new_dialogue_goes_where_least_is_done_and_moves_only_from_a_server_that_is_too_busy():
    router = Router(SERVERS)
    first = {router.take(b"dialogue %d" % n) for n in range(3)}
    assert first == set(SERVERS)
    home = router.take(b"long")
    while router.take(b"other") != home:
        pass
    for _ in range(20):  # the others have as much to do as its own
        for server in SERVERS:
            router._busy[server] = 10
        assert router.take(b"long") == home
    router._busy[home] = 20
    moved = router.take(b"long")
    assert moved != home
    router._busy[home] = 10
    assert router.take(b"long") == moved  # there its beginning was read last


def test_of_a_million_dialogues_the_last_are_remembered(monkeypatch):
    monkeypatch.setattr("classwright.models.routing.KEPT", 5)
    router = Router(SERVERS)
    for n in range(50):
        router.give_back(router.take(b"dialogue %d" % n), failed=False)
    assert len(router._homes) == 5
