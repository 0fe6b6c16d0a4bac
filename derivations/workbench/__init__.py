"""The workbench: the one place where derivations, numbers and templates meet. Nothing else imports it."""
