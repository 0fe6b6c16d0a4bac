"""Conserved quantities of gradient flow: found, explained, counted, proved complete, and re-checked.

phi = read_network("linear 5-4-3")       or read_formulas("a*w1, a*w2"), or a constructor of .chains, .architectures
count = count_laws(phi)                     count.N, count.laws, count.status, count.statements
explain(count.laws[0], phi).formula         '|W1[:,1]|^2 - |W2[1,:]|^2'
recheck(write_certificate(count), phi).N    the same number, from code that shares nothing with the finder
"""

from .certificate import write_certificate as write_certificate
from .closed_forms import balancedness_rank as balancedness_rank
from .closed_forms import linear_chain_count as linear_chain_count
from .counting import LawCount as LawCount
from .counting import count_laws as count_laws
from .explanation import Explanation as Explanation
from .explanation import explain as explain
from .explanation import families as families
from .finder import find_quadratic_laws as find_quadratic_laws
from .formulas import read_formulas as read_formulas
from .higher_degree import find_laws_of_degree as find_laws_of_degree
from .laws import Law as Law
from .lie_rank import LieRank as LieRank
from .lie_rank import lie_rank as lie_rank
from .monomial import monomial_laws as monomial_laws
from .network_level import attention_is_full as attention_is_full
from .network_level import relu_is_full as relu_is_full
from .network_text import FAMILIES as FAMILIES
from .network_text import read_network as read_network
from .parametrisation import Parametrisation as Parametrisation
from .paths import PathCount as PathCount
from .paths import count_graph as count_graph
from .paths import count_paths as count_paths
from .recheck import Rechecked as Rechecked
from .recheck import recheck as recheck
from .report import as_record as as_record
from .report import as_text as as_text
