"""One file per step; its name is its revision."""
