// Lets an exception out of its factory.
#include <stdexcept>

#include "good.h"
#define BAD_TYPE "bad.at_throws"

static const pflow_node_type* PFLOW_CALL bad_at(size_t) {
  throw std::out_of_range("no such type");
}

extern const void* const bad_keep;
#define BAD_AT bad_at
#include "good_entry.h"
const void* const bad_keep = &good_type;
