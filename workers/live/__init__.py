"""People at the table: one person plays against agents that are held in the sandbox as always."""
