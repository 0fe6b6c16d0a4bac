"""Names of the ways in which a count is closed."""

MONOMIAL, TRAJECTORY, SINGLE = "monomial", "trajectory", "single gradient"
ALGEBRA, SEGMENTS = "matrix algebra", "scalar segments"
