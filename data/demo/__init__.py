"""The demo city: Dordrecht from facts, drawn schematically, with two years of synthetic reports."""
