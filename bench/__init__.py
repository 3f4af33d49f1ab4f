"""Measurements and long proofs: run by command, never by the tests."""
