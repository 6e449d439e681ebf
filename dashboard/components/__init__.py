"""Pure builders: data in, components out. No service is called here and nothing is computed that a test must trust."""
