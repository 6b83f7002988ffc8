"""Measuring and trying the board: ours beside other servers, with the same clients on the same machine.

`./run bench` explains itself with `./run bench help`; docs/performance.md tells how to read its figures.
"""
