"""After a backup was put back, pages that were open write nothing of before."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories.whiteboard import BoardFactory
from tests.integration.whiteboard.conftest import Visit
from tests.integration.whiteboard.people import in_db
from whiteboard.models import Board, Update
from whiteboard.protocol import Close

pytestmark = pytest.mark.django_db(transaction=True)


def new_epoch(*arguments: str) -> str:
    said = StringIO()
    call_command("new_epoch", *arguments, stdout=said)
    return said.getvalue()


async def test_open_pages_are_told_and_the_new_ones_draw(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana", epoch=1), await visit(board, "ben", epoch=1)
    ana.draw("before")
    await ana.saved()
    assert "1 board has" in await in_db(new_epoch, str(board.pk))
    assert [await one.ended() for one in (ana, ben)] == [Close.OTHER_EPOCH] * 2
    stale = await visit(board, "carla", join=False, epoch=1)
    assert await stale.ended() == Close.OTHER_EPOCH
    again = await visit(board, "ana", epoch=2)
    assert again.hello["epoch"] == 2
    again.draw("after")
    await again.saved()
    assert await in_db(Update.objects.count) == 2


def test_boards_are_named_or_all_are_meant(board: Board) -> None:
    other = BoardFactory()
    for wrong in ([], ["--all", str(board.pk)], ["no-id"], [str(board.pk), "0" * 32]):
        with pytest.raises(CommandError):
            new_epoch(*wrong)
    assert "2 boards have" in new_epoch("--all")
    assert "1 board has" in new_epoch(str(other.pk))
    assert dict(Board.objects.values_list("pk", "epoch")) == {board.pk: 2, other.pk: 3}
