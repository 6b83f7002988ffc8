"""One person's part of a log, written anew: what was left out is in no byte of it."""

from pycrdt import Doc, Map, Text

from whiteboard import gate_excerpt

ME, THEM = True, False


class Log:
    """A board that is drawn on row by row, by me or by them."""

    def __init__(self) -> None:
        self.doc: Doc = Doc()
        self.elements: Map = self.doc.get("elements", type=Map)
        self.notes: Map = self.doc.get("notes", type=Map)
        self.rows: list[bytes] = []
        self.own: list[bool] = []
        self.before = self.doc.get_state()

    def row(self, own: bool) -> None:
        self.rows.append(self.doc.get_update(self.before))
        self.own.append(own)
        self.before = self.doc.get_state()

    def draw(self, own: bool, name: str, **fields: object) -> None:
        if name in self.elements:
            for key, value in fields.items():
                self.elements[name][key] = value
        else:
            self.elements[name] = Map(fields)
        self.row(own)

    def write(self, own: bool, step: str, words: str) -> None:
        if step not in self.notes:
            self.notes[step] = Text("")
        text = self.notes[step]
        text += words
        self.row(own)

    def excerpt(self, *, elements: bool = True, notes: bool = True) -> tuple[dict, dict, bytes]:
        updates, _ = gate_excerpt.excerpt(self.rows, self.own, elements=elements, notes=notes)
        made: Doc = Doc()
        for update in updates:
            if update:
                made.apply_update(update)
        texts = {step: str(text) for step, text in dict(made.get("notes", type=Map)).items()}
        return made.get("elements", type=Map).to_py() or {}, texts, b"".join(updates)


def test_what_they_made_is_left_out_and_where_they_moved_mine_it_stays():
    log = Log()
    log.draw(ME, "mine", type="rectangle", geom={"x": 1.0})
    log.draw(THEM, "theirs", type="text", text={"text": "THEIRS"})
    log.draw(THEM, "mine", geom={"x": 2.0})
    log.draw(ME, "theirs", geom={"x": 5.0})
    elements, _, sent = log.excerpt()
    assert elements == {"mine": {"type": "rectangle", "geom": {"x": 2.0}}}
    assert b"THEIRS" not in sent
    assert b"theirs" not in sent


def test_an_element_they_wrote_in_is_left_out_from_the_beginning_even_if_i_touch_it_later():
    log = Log()
    log.draw(ME, "label", type="text", text={"text": "MINE"})
    log.draw(THEM, "label", text={"text": "THEIRS"})
    log.draw(ME, "label", text={"text": "THEIRS", "fontSize": 20})
    log.draw(ME, "part", type="rectangle", geom={"x": 0.0})
    log.draw(THEM, "part", customData={"kind": "THEIRS"})
    elements, _, sent = log.excerpt()
    assert elements == {}
    assert b"THEIRS" not in sent


def test_my_words_come_at_my_rows_with_every_character_whole():
    log = Log()
    log.write(ME, "clarify", "Ein Möbel 😀 für")
    log.write(ME, "clarify", " 20 €")
    log.draw(ME, "a", type="rectangle")
    log.write(ME, "clarify", " 😀😀")
    log.write(THEM, "data", "THEIRS")
    updates, _ = gate_excerpt.excerpt(log.rows, log.own, elements=False, notes=True)
    assert [bool(update) for update in updates] == [True, True, False, True, False]
    _, notes, sent = log.excerpt()
    assert notes == {"clarify": "Ein Möbel 😀 für 20 € 😀😀"}
    assert b"THEIRS" not in sent


def test_a_text_is_changed_in_place_to_any_other():
    doc: Doc = Doc()
    text: Text = doc.get("text", type=Text)
    for words in ("", "abc", "abXc", "😀abc", "😀😀", "a😀", "", "ä", "äö"):
        gate_excerpt.write(text, words)
        assert str(text) == words


def test_what_was_not_wanted_is_not_there():
    log = Log()
    log.draw(ME, "a", type="rectangle")
    log.write(ME, "clarify", "WORDS")
    assert log.excerpt(notes=False)[:2] == ({"a": {"type": "rectangle"}}, {})
    assert b"WORDS" not in log.excerpt(notes=False)[2]
    assert log.excerpt(elements=False)[:2] == ({}, {"clarify": "WORDS"})


def test_what_i_erase_is_gone_from_then_on():
    log = Log()
    log.draw(ME, "a", type="rectangle")
    del log.elements["a"]
    log.row(ME)
    log.draw(ME, "b", type="ellipse", isDeleted=True)
    assert log.excerpt()[0] == {"b": {"type": "ellipse", "isDeleted": True}}
