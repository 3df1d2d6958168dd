"""Play matches, hold agents, rate results; no Django."""
