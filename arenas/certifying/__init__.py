"""What every arena must satisfy before agents are let in, and what is told of it: the certificate."""
