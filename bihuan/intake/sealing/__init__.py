"""Sealing a batch 封账: the sample a second person looks at again, the certificate, and its proof from the journal."""
