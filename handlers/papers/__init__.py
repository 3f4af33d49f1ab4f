"""Papers: what they hold, who is asked to check them, what is said about them in chat."""
