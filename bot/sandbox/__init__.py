"""A WeCom server on this machine: the platform's HTTP API, its callbacks, and a chat page."""
