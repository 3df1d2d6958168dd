"""Telling people what happened: notices in the site, e-mail digests, webhooks."""
