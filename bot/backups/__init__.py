"""Backups: one sealed file that anybody with its key can verify and restore."""
