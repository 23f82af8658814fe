// Throws from run what is no std::exception.
#include "good.h"
#define BAD_TYPE "bad.throws_int"

static pflow_status PFLOW_CALL run(void*, pflow_call*) {
  throw 7;
}

#define BAD_RUN run
#include "good_entry.h"
