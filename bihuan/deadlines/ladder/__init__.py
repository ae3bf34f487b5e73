"""The ladder: what is proposed when a deadline is not kept, who takes it up, and what it rests on."""
