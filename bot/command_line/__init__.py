"""The command line: tools for people who write rules, set up and look after the service."""
