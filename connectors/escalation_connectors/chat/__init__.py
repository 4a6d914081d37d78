"""Chats, a vendor per file."""
