"""The replica engine: S_n-invariant algebra, Gaussian means, action terms, and the rules that derive with them."""

from . import enclosure as enclosure  # registers the balls of means
from .hessian import PairHessian as PairHessian
from .index_sums import replica_sum as replica_sum
from .ledger import LEDGER as LEDGER
from .matrices import ReplicaMatrix as ReplicaMatrix
from .matrices import replica_matrix as replica_matrix
from .mean import Mean as Mean
from .mean_calculus import normal_form as normal_form
from .terms import LogTrace as LogTrace
from .terms import PairSum as PairSum
from .trees import TreeMatrix as TreeMatrix
