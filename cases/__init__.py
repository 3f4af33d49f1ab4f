"""The rules of a case, pure: lifecycle, grading, deadlines, links, chat grammar, wording."""
