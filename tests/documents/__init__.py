"""What the documents tell people to type, tried: read, executed, or parsed and left out for a reason."""
