/* The entry's struct_size is less than ABI 1.0 has. */
#include "good.h"
#define BAD_TYPE "bad.entry_short"
#define BAD_ENTRY_SIZE 72
#include "good_entry.h"
