"""A simulated year through the whole engine, judged by an oracle: `python -m bench.year`."""
