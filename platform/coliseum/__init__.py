"""The site: accounts, competitions, submissions, matches, leaderboards, and their pages and API."""
