"""Standings of a competition."""
