"""Reading report files as they are: bytes in, a table of text out; judged only on whether it can be read."""
