"""Leaflet 1.9.4 as published (BSD 2-Clause, leaflet-LICENSE.txt), inlined into HTML files that must open offline."""
