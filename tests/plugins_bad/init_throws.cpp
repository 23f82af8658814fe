// Throws in init; compiled as C++14, where the ABI's functions are not noexcept types.
#include <stdexcept>

#include "good.h"
#define BAD_TYPE "bad.init_throws"

static pflow_status PFLOW_CALL init(const pflow_host*, pflow_call*) {
  throw std::runtime_error("no configuration");
}

#define BAD_INIT init
#include "good_entry.h"
