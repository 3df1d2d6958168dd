"""The conductor: the life of a match from upload to leaderboard."""
