"""The pages of this room: the office's drives, each unit's own line, and the plans that call again."""
