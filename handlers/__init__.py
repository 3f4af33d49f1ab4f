"""What is done when somebody speaks, or a timer rings."""
