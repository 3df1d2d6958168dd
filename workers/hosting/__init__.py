"""competition.toml: what a competition is, in one file; read, checked as a whole, and written."""
