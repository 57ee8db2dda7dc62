import asyncio

from classwright.models.together import together
from classwright.models.usage import Meter


def test_a_tally_counts_what_is_done_inside_whatever_runs_beside_it():
    meter = Meter()

    async def job(n):
        with meter.tally() as counts:
            for _ in range(n):
                await asyncio.sleep(0)
                meter.add(10, n, 0.1)
            return counts

    async def main():
        return await together(job(1), job(3))

    assert asyncio.run(main()) == [[1, 10, 1], [3, 30, 9]]
    assert (meter.calls, meter.tokens) == (4, 50)


def test_replies_of_an_earlier_process_count_as_reused():
    meter = Meter()
    meter.add_again(3, 100, 20)
    assert (meter.calls, meter.reused, meter.tokens) == (3, 3, 120)


def test_a_part_that_is_begun_again_counts_once():
    meter = Meter()
    with meter.part() as first:
        meter.add(10, 2, 0.5)
        meter.add(20, 2, 0.5, reused=True)
    meter.take_back(first)
    with meter.part() as again:
        meter.add(10, 2, 0.5, reused=True)
        meter.add(20, 2, 0.5, reused=True)
        meter.add(30, 3, 0.25)
    meter.add(1, 1, 1.0)  # of another unit
    assert (first.calls, first.reused, first.asked_s) == (2, 1, 0.5)
    assert (again.calls, again.reused, again.tokens, again.seconds, again.asked_s) == (3, 2, 67, 1.25, 0.25)
    assert (meter.calls, meter.reused, meter.tokens, meter.seconds) == (4, 2, 69, 2.25)
