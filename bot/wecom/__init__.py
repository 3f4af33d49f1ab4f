"""WeCom's door: hear signed callbacks, keep them, and say what waits."""
