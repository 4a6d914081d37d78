"""The brain: seven steps from a support issue to an escalation brief whose every line carries its receipt."""

__version__ = "0.1.0"
