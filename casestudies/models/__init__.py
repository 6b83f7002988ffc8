from casestudies.models.case import CaseStudy, Expectation, Fact, FollowUp, Hint
from casestudies.models.guide import GuidePage
from casestudies.models.rubric import Criterion, Dimension, Framework, Rubric, Step

__all__ = [
    "CaseStudy",
    "Criterion",
    "Dimension",
    "Expectation",
    "Fact",
    "FollowUp",
    "Framework",
    "GuidePage",
    "Hint",
    "Rubric",
    "Step",
]
