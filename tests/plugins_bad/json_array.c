/* The descriptor is JSON, but no object. */
#include "good.h"
#define BAD_TYPE "bad.json_array"
#define BAD_DESCRIPTOR "[1, 2]"
#include "good_entry.h"
