"""The second reader: a language model that gives levels of its own, each with a quote that is checked.

It never stands in for the engine. What it says becomes a card of its own, beside the engine's.
"""

from interviews.scoring.judge.endpoint import Endpoint, NoAnswerError
from interviews.scoring.judge.prompt import PROMPT_VERSION
from interviews.scoring.judge.reader import Limits, SecondReader

__all__ = ["PROMPT_VERSION", "Endpoint", "Limits", "NoAnswerError", "SecondReader"]
