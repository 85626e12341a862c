// From a witness of the algebra over tables to a request of the oracle.
#pragma once

#include "writ/analysis/witness.h"
#include "writ/oracle/oracle.h"
#include "writ/runtime/table.h"

namespace writ::oracle {

Request ToRequest(const runtime::Table& table, const analysis::Witness& witness);

}  // namespace writ::oracle
