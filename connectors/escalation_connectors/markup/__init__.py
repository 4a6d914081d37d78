"""From the vendors' mark-up to plain text and back. Identifiers, error texts and code come through unaltered."""
