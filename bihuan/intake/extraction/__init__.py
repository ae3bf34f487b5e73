"""From the text of a document to passages with dispositions and candidate problems. Pure: no database, no request."""
