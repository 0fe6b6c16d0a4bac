"""placeholder"""

if __name__ != "quenched.symbolic":
    raise ImportError("this folder is the package quenched.symbolic: install the project and import it under that name")
