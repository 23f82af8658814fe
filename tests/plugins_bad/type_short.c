/* The node type's struct_size is less than ABI 1.0 has. */
#include "good.h"
#define BAD_TYPE "bad.type_short"
#define BAD_TYPE_SIZE 104
#include "good_entry.h"
