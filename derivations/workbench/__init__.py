"""The one place where derivations, numbers and templates meet."""
