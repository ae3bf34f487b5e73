"""The pages of this room: one form for each verb, and the assignment orders."""
