"""Scripts and styles of web maps.

map.js and map_layers.css are also, to the letter, in dashboard/assets: Dash serves only its own folder. A test holds
the copies equal.
"""
