"""A language model as a second reader: asked after reading, in a job; its answers are suggestions in the same review.

`endpoint` speaks HTTP, `prompt` says what is asked and what of an answer counts (pure), `consulting` is the job.
"""
