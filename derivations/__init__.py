"""placeholder"""

if __name__ != "quenched.derivations":
    raise ImportError(
        "this folder is the package quenched.derivations: install the project and import it under that name"
    )
