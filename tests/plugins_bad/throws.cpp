// Throws from run; compiled as C++14, where the ABI's functions are not noexcept types.
#include <stdexcept>

#include "good.h"
#define BAD_TYPE "bad.throws"

static pflow_status PFLOW_CALL run(void*, pflow_call* call) {
  put(call, "written before it threw");
  throw std::out_of_range("index 7 of 3");
}

#define BAD_RUN run
#include "good_entry.h"
