"""Grading: from a report, by a written rulebook, to a proposed level with its reasons."""

from cases.grading.facts import FactError, ReportFacts, UnknownFactError
from cases.grading.proposal import Proposal, Question, Reason, propose
from cases.grading.rulebook import Audience, GradingRules, Level, Rule, UnknownLevelError

__all__ = [
    "Audience",
    "FactError",
    "GradingRules",
    "Level",
    "Proposal",
    "Question",
    "Reason",
    "ReportFacts",
    "Rule",
    "UnknownFactError",
    "UnknownLevelError",
    "propose",
]
