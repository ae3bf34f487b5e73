"""Why a file cannot be used as a model; apart from `model_file.py`, which needs the libraries of numbers.

ModelFileError
├── NotAModel      something else, or another format
├── OtherEngine    a model of another version of the program
├── Damaged        shorter, longer or other than it was written
└── Nonsense       whole, but its numbers make no model
"""

from __future__ import annotations


class ModelFileError(ValueError):
    """A file that cannot be used as a model."""


class NotAModel(ModelFileError):
    """It is something else."""


class OtherEngine(ModelFileError):
    """Another version of the program reads texts in another way."""


class Damaged(ModelFileError):
    """It is not what was written."""


class Nonsense(ModelFileError):
    """Its numbers make no model."""
