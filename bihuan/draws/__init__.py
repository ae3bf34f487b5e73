"""Verifiable sampling: who knows the seed and the lots can draw again and gets the same. Pure Python, no Django."""
