#include "cmd/commands.h"
int cmd_manual(int argc, char **argv) { (void)argc; (void)argv; return 2; }
