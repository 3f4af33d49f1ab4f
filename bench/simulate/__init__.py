"""Seeded lives of cases, one thread, virtual time: `python -m bench.simulate`."""
