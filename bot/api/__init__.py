"""The interface for other programs: monitoring vendors report here."""
