# A derivation that is imported would have to be built.
import (derivation { name = "x"; system = "s"; builder = "b"; })
