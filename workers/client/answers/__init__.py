"""What the API answers, as typed and frozen structures."""
