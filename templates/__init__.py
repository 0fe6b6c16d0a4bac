"""placeholder"""

if __name__ != "quenched.templates":
    raise ImportError("this folder is the package quenched.templates: install the project and import it under that name")
