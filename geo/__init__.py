"""Pure analysis: tables in, results out. No files, no network, no drawing, no language."""
