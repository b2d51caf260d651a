#include "cmd/commands.h"
int cmd_man(int argc, char **argv) { (void)argc; (void)argv; return 2; }
