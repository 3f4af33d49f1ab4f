"""A town whose people do everything in any order, with invariants: `python -m bench.model`."""
