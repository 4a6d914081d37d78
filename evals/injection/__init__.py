"""Attacks on the decision and on the brief, and honest texts that resemble them."""
