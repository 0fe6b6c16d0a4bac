"""One command per module; `list_.py` holds `quenched list`."""
