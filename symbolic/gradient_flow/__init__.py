"""Conserved quantities of gradient flow: found, explained, counted, proved complete, and re-checked.

phi = read_network("linear 5-4-3")       or read_formulas("a*w1, a*w2"), or a constructor of .chains, .architectures
count = count_laws(phi)                     count.N, count.laws, count.further, count.status, count.statements
explain(count.laws[0], phi).formula         '|W1[:,1]|^2 - |W2[1,:]|^2'
recheck(write_certificate(count), phi).N    the same number, from code that shares nothing with the finder

A network of one's own: tensors by layout, matrices by weight, phi from the entries of their products.

blocks = layout([("U", (3, 2)), ("V", (2, 3))])
U, V = map(weight, blocks)
phi = from_polynomials("mine", blocks, (U @ V).entries())
"""

from .blocks import LawBlock as LawBlock
from .blocks import law_blocks as law_blocks
from .certificate import write_certificate as write_certificate
from .chains import weight as weight
from .closed_forms import balancedness_rank as balancedness_rank
from .closed_forms import linear_chain_count as linear_chain_count
from .counting import LawCount as LawCount
from .counting import count_laws as count_laws
from .darboux import DarbouxLaw as DarbouxLaw
from .explanation import Explanation as Explanation
from .explanation import explain as explain
from .finder import find_quadratic_laws as find_quadratic_laws
from .formulas import read_formulas as read_formulas
from .higher_degree import find_laws_of_degree as find_laws_of_degree
from .laws import Law as Law
from .lie_rank import LieRank as LieRank
from .lie_rank import lie_rank as lie_rank
from .monomial import monomial_laws as monomial_laws
from .network_exp import attention_is_full as attention_is_full
from .network_exp import mixture_is_full as mixture_is_full
from .network_exp import mlp_is_full as mlp_is_full
from .network_exp import softmax_is_full as softmax_is_full
from .network_exp import swiglu_is_full as swiglu_is_full
from .network_families import FAMILIES as FAMILIES
from .network_level import relu_is_full as relu_is_full
from .network_text import network_statement as network_statement
from .network_text import read_network as read_network
from .parametrisation import Parametrisation as Parametrisation
from .parametrisation import from_polynomials as from_polynomials
from .parametrisation import layout as layout
from .paths import PathCount as PathCount
from .paths import count_graph as count_graph
from .paths import count_paths as count_paths
from .polynomial import Matrix as Matrix
from .polynomial import Polynomial as Polynomial
from .rates_text import read_rates as read_rates
from .recheck import Rechecked as Rechecked
from .recheck import recheck as recheck
from .report import as_latex as as_latex
from .report import as_record as as_record
from .report import as_text as as_text
