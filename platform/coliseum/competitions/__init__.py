"""Competitions, teams and entries."""
