"""Arithmetic over the figures of a case: names, numbers, + - * / **, min, max and parentheses."""

import ast
import math
import operator
from collections.abc import Callable, Mapping

MAX_LENGTH = 200
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    # Of floats: an integer power can fill the memory, a float one overflows and says so.
    ast.Pow: math.pow,
}
FUNCTIONS: dict[str, Callable[..., float]] = {"min": min, "max": max}


class FigureError(ValueError):
    """An expression that cannot be computed; the message says why, to its author."""


def compute(expression: str, figures: Mapping[str, float]) -> float:
    """Return the value of an expression; FigureError when it is not plain arithmetic over `figures`."""
    if len(expression) > MAX_LENGTH:
        raise FigureError(f"it is longer than {MAX_LENGTH} characters")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FigureError("it is not an arithmetic expression") from None
    try:
        value = of(tree.body, figures)
    except ZeroDivisionError:
        raise FigureError("it divides by zero") from None
    except (OverflowError, ValueError, RecursionError) as refusal:
        if isinstance(refusal, FigureError):
            raise
        raise FigureError("its result is too large, or not a number") from None
    if not math.isfinite(value):
        raise FigureError("its result is too large, or not a number")
    return value


def of(node: ast.expr, figures: Mapping[str, float]) -> float:
    """Return the value of one node of the expression's tree."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ):
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in figures:
            raise FigureError(f"`{node.id}` is not among the figures")
        return float(figures[node.id])
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](of(node.left, figures), of(node.right, figures))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = of(node.operand, figures)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        if not node.args or node.keywords:
            raise FigureError(f"`{node.func.id}` needs figures between its parentheses")
        return FUNCTIONS[node.func.id]([of(argument, figures) for argument in node.args])
    raise FigureError("only figures, numbers, + - * / **, min, max and parentheses are allowed")


def differs(value: float, target: float, within: float) -> bool:
    """Whether `value` is further from `target` than the share `within` of it allows."""
    return abs(value - target) > within * abs(target) + 1e-9
