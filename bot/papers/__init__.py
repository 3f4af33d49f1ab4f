"""Sets papers in type: PDF, Word and tables; what they say is decided in cases and handlers."""
