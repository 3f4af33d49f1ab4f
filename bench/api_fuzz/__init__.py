"""Schemathesis over everything that is answered over HTTP beside the callbacks."""
