"""Sentences and mentions → evidence: roles, cues, frames, factuality, attribution, dates."""
