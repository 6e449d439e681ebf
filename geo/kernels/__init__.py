"""Compiled loops (numba) below the public fronts of geo. Flat arrays in, arrays out; nothing here is called from elsewhere."""
