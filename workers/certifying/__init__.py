"""Making certificates: the checks of an arena in a process of their own, and what its best baseline shows."""
