"""Boards for tests, drawn through the log as browsers do."""

from interviews.models import Interview
from whiteboard import layout, log

FRAUD_BOARD = {
    "groups": [{"id": "online", "label": "Online"}],
    "nodes": [
        {"id": "shop", "label": "Checkout", "kind": "client", "at": [0, 0]},
        {"id": "risk", "label": "Risk service", "kind": "service", "at": [1, 0], "group": "online"},
        {"id": "model", "label": "Fraud model", "kind": "model", "at": [2, 0], "group": "online"},
        {"id": "store", "label": "Feature store", "kind": "store", "at": [2, 1]},
        {"id": "log", "label": "Payment log", "kind": "queue", "at": [1, 2]},
        {"id": "train", "label": "Training", "kind": "training", "at": [2, 2]},
        {"id": "reg", "label": "Model registry", "kind": "registry", "at": [3, 2]},
    ],
    "edges": [
        {"from": "shop", "to": "risk"},
        {"from": "risk", "to": "model"},
        {"from": "store", "to": "model"},
        {"from": "store", "to": "train"},
        {"from": "risk", "to": "log"},
        {"from": "log", "to": "train"},
        {"from": "train", "to": "reg"},
        {"from": "reg", "to": "model"},
    ],
}
NOTES = {
    "clarify": "The goal is to lower fraud losses: a missed fraud costs 85 euro, "
    "a blocked good payment 30 euro.\n1,200 payments a second, 4,000 at the peak, an answer within 150 ms.",
    "data": "Labels come from chargebacks, which arrive 20 to 60 days later, so training ends 60 days ago.\n"
    "Only 0.2 % is fraud: we down-sample negatives 20:1 and recalibrate the scores, because otherwise the "
    "threshold would not match the cost of an error.",
}


def design(interview: Interview, board: dict = FRAUD_BOARD, notes: dict[str, str] = NOTES) -> None:
    """Draw `board` and write `notes` on an interview's board."""
    log.seed(interview.board, layout.elements_of(board), notes)
    interview.board.refresh_from_db()
