"""The second reader: a language model that gives levels of its own, each with a quote that is checked.

It never stands in for the engine. What it says becomes a card of its own, beside the engine's.
"""
