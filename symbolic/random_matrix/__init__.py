"""Deterministic equivalents of random matrix expressions, derived: pencil, Dyson system, branch, minimal polynomial.

>>> import sympy as sp
>>> n, d, lam = sp.symbols("n d lam")
>>> Z = sp.MatrixSymbol("Z", n, d)
>>> deterministic_equivalent((Z.T * Z + lam * sp.Identity(d)).inv(), gaussian={Z: 1 / n}).equations()
"""

from .branch import Branch as Branch
from .derive import Derived as Derived
from .derive import derive as derive
from .dyson import DysonSystem as DysonSystem
from .elimination import MinimalPolynomial as MinimalPolynomial
from .equations import equations as equations
from .equations import integrand as integrand
from .equations import target_expression as target_expression
from .equivalent import DeterministicEquivalent as DeterministicEquivalent
from .equivalent import deterministic_equivalent as deterministic_equivalent
from .letters import Declarations as Declarations
from .letters import Letter as Letter
from .letters import declare as declare
from .outliers import Outlier as Outlier
from .outliers import outlier as outlier
from .pencil import Pencil as Pencil
from .spectral import Average as Average
from .spectrum import atom_mass as atom_mass
from .spectrum import density as density
from .spectrum import support as support
from .two_resolvents import bigger_pencil as bigger_pencil
from .two_resolvents import sandwich as sandwich
