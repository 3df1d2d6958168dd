"""Uploads and their state."""
