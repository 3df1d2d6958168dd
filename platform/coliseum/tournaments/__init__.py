"""Tournaments: a fixed field, a format, one champion."""
