"""Hostile callbacks by the ten thousand against door, keeper and worker: `python -m bench.fuzz`."""
