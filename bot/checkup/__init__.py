"""The checks of `main.py doctor`: each returns findings, none of them changes anything."""
