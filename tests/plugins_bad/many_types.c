/* Claims more node types than anybody has. */
#include "good.h"
#define BAD_TYPE "bad.many_types"
#define BAD_TYPE_COUNT ((size_t)-1)
#include "good_entry.h"
