/* The node type's name has a space, a slash and a byte that is not UTF-8. */
#include "good.h"
#define BAD_TYPE "bad name/\xff"
#include "good_entry.h"
