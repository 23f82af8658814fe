// Throws from create.
#include <stdexcept>

#include "good.h"
#define BAD_TYPE "bad.create_throws"

static pflow_status PFLOW_CALL create(const pflow_node_type*, const pflow_host*, pflow_call*, void**) {
  throw std::runtime_error("no room");
}

#define BAD_CREATE create
#include "good_entry.h"
