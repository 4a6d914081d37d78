"""Customer relationship management, a vendor per file."""
