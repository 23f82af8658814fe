/* The entry does not begin with the magic. */
#include "good.h"
#define BAD_TYPE "bad.magic"
#define BAD_MAGIC 0x12345678u
#include "good_entry.h"
