"""Tests of notices, mails and webhooks."""
