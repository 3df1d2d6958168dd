"""Django's staff pages: who gets in, and what may be done there."""
