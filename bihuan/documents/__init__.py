"""Reading and writing Word, Excel, PDF and plain text: the formats, no business, no Django."""

from __future__ import annotations

from bihuan.documents.errors import DocumentError
from bihuan.documents.limits import Limits
from bihuan.documents.model import Block, BlockKind, Document, Place
from bihuan.documents.reading import read_document

__all__ = ["Block", "BlockKind", "Document", "DocumentError", "Limits", "Place", "read_document"]
