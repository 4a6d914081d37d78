"""Project trackers, a vendor per file."""
