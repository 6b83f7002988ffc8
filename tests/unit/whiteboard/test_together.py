import asyncio

import pytest

from whiteboard.together import Together


async def test_what_is_asked_meanwhile_is_asked_together() -> None:
    batches: list[list[int]] = []
    may_go_on = asyncio.Event()

    async def ask(numbers: list[int]) -> list[int]:
        batches.append(numbers)
        await may_go_on.wait()
        return [number * number for number in numbers]

    squares = Together(ask)
    first = asyncio.create_task(squares(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(squares(number)) for number in (2, 3, 4)]
    others[1].cancel()
    await asyncio.sleep(0)
    may_go_on.set()
    assert await first == 1
    assert [await others[0], await others[2]] == [4, 16]
    assert batches == [[1], [2, 4]] or batches == [[1], [2, 3, 4]]
    assert await squares(5) == 25


async def test_who_asks_when_it_goes_wrong_hears_of_it_and_the_next_one_does_not() -> None:
    answers: list[Exception | list[int]] = [OSError("gone"), [7]]

    async def ask(numbers: list[int]) -> list[int]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    together = Together(ask)
    with pytest.raises(OSError, match="gone"):
        await together(1)
    assert await together(1) == 7
