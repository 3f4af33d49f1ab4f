"""The demonstration: a fictional city, the sandbox and the service, and a story played in them."""
