"""统计: what is counted of the cases of a period: one definition for board, chat and papers.

Rows come in as facts, figures go out; who may see which facts is decided before.
"""
