"""The administration pages and the switch of posts."""
