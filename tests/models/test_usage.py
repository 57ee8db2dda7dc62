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
