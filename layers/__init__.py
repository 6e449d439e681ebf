"""Results become LayerSpecs; three renderers draw them: Leaflet (Dash), folium (HTML file), matplotlib (print)."""
