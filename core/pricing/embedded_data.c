// The price files as they are, put between the program's constants by the assembler: no text for the compiler to read,
// nothing to relocate, nothing to do at the start. The build names the files and their hash, so that a change of one is
// a change of this.
#if defined(_WIN32)
#define PFLOW_CONSTANTS ".section .rdata,\"dr\"\n"
#define PFLOW_CODE ".text\n"
#elif defined(__APPLE__)
#define PFLOW_CONSTANTS ".const_data\n"
#define PFLOW_CODE ".text\n"
#else
#define PFLOW_CONSTANTS ".pushsection .rodata\n"
#define PFLOW_CODE ".popsection\n"
#endif
#define PFLOW_TEXT_OF(x) #x
#define PFLOW_TEXT(x) PFLOW_TEXT_OF(x)
#define PFLOW_SYMBOL(name) PFLOW_TEXT(__USER_LABEL_PREFIX__) name

#define PFLOW_EMBED(name, file)                  \
  __asm__(PFLOW_CONSTANTS                        \
          ".globl " PFLOW_SYMBOL(name) "\n"      \
          ".globl " PFLOW_SYMBOL(name "_end") "\n" \
          PFLOW_SYMBOL(name) ":\n"               \
          ".incbin \"" file "\"\n"               \
          PFLOW_SYMBOL(name "_end") ":\n"        \
          ".byte 0\n"                            \
          PFLOW_CODE)

PFLOW_EMBED("pflow_price_data", PFLOW_PRICE_DATA);
PFLOW_EMBED("pflow_price_units", PFLOW_PRICE_UNITS);
PFLOW_EMBED("pflow_price_extra", PFLOW_PRICE_EXTRA);

extern const char pflow_price_files_hash[];
const char pflow_price_files_hash[] = PFLOW_PRICE_HASH;
