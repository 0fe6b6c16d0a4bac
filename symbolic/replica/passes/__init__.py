"""The passes a model's derivation is made of; each adds its steps, and the table of `derivation` puts them in order."""
