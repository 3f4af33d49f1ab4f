"""Scores of units (考核): what the rules say, what happened, and the points that follow."""
