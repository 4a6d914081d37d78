"""Support platforms, a vendor per file."""
