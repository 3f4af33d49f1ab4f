"""How fast duban is, beside what it is measured against: `python -m bench.speed`."""
