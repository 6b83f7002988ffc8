"""Reads a drawn ML design: what each box is, its graph criteria, a case's graph rules, design checks."""

from interviews.scoring.diagram.board import Diagram, Node
from interviews.scoring.diagram.checks import run_checks
from interviews.scoring.diagram.criteria import score_criteria
from interviews.scoring.diagram.reader import read
from interviews.scoring.diagram.result import DiagramScore
from interviews.scoring.diagram.rules import meets

__all__ = ["Diagram", "DiagramScore", "Node", "meets", "read", "run_checks", "score_criteria"]
