"""Matches, their seats, episodes and workers."""
