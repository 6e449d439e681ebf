"""Signing in: who asks, how that is known, and what nobody gets who is not known."""
