"""What official papers say: decided here from what happened, set in type elsewhere."""
