"""Knowledge bases, a vendor per file."""
