"""The chat grammar: what officers, units and leaders mean by what they type."""

from cases.chat.intents import Intent, Understood
from cases.chat.pasted import said_in, separate
from cases.chat.roles import role_named
from cases.chat.understanding import read, understand

__all__ = [
    "Intent",
    "Understood",
    "read",
    "role_named",
    "said_in",
    "separate",
    "understand",
]
