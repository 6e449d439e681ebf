"""Results become LayerSpecs; three renderers draw them: Leaflet (Dash), folium (standalone HTML), matplotlib (print)."""
