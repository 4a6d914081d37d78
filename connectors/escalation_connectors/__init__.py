"""The hands: one way to read each kind of source, whoever the vendor is. Knows nothing of the skill."""
