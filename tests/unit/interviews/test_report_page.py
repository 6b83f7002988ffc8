from hypothesis import given
from hypothesis import strategies as st

from interviews import report_page

TEXT = "- we split by time\n- the label waits 60 days, because chargebacks come late\n- we log features"


def cited(words: str, step: str = "data") -> dict:
    start = TEXT.index(words)
    return {"kind": "text", "step": step, "start": start, "end": start + len(words), "quote": words}


def test_a_quote_shows_the_line_its_words_stand_in():
    quote = report_page.quote_of(cited("waits 60 days"), {"data": TEXT}, {"data": "Data"})
    assert (quote.before, quote.words, quote.after) == (
        "the label ",
        "waits 60 days",
        ", because chargebacks come late",
    )
    assert quote.step == "Data"


def test_a_quote_from_a_long_line_is_cut_between_words():
    text = "word " * 100 + "target " + "more " * 100
    start = text.index("target")
    quote = report_page.quote_of(
        {"step": "s", "start": start, "end": start + 6, "kind": "text"}, {"s": text}, {}
    )
    assert quote.before.startswith("… word ")
    assert quote.after.endswith("more …")
    assert len(quote.before) < 120


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_pieces_put_together_are_the_text_again(text, ends):
    spans = [(min(a, b), max(a, b), f"C{i:02d}") for i, (a, b) in enumerate(ends) if max(a, b) <= len(text)]
    assert "".join(piece.text for piece in report_page.pieces(text, spans)) == text


def test_words_cited_twice_name_both_criteria():
    pieces = report_page.pieces("abcdef", [(1, 4, "C01"), (2, 6, "C02")])
    assert [(piece.text, piece.criteria) for piece in pieces] == [
        ("a", ()),
        ("b", ("C01",)),
        ("cd", ("C01", "C02")),
        ("ef", ("C02",)),
    ]


def test_an_edge_is_called_by_its_two_ends():
    graph = {
        "nodes": [{"id": "a", "label": "Event\nlog"}, {"id": "b", "label": "Trainer"}],
        "edges": [{"id": "e", "source": "a", "target": "b"}],
    }
    assert report_page.labels_of(graph)["e"] == "Event log → Trainer"


def test_an_element_lists_every_criterion_that_cites_it_once():
    node = {"kind": "node", "element": "box"}
    report = {"criteria": [{"code": "G02", "evidence": [node, node]}, {"code": "G04", "evidence": [node]}]}
    assert report_page.earned_by_element(report) == {"box": ["G02", "G04"]}
