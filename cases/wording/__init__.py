"""What is said, and to whom: short, polite, with the next step."""
