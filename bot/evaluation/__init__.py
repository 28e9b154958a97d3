"""Labelled questions -> how good the answers are, and why a question went the way it did."""
