"""The case library (案例库): what closed cases teach, and how a similar one is found."""
