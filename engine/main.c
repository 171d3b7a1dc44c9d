/**
 * @file main.c
 * argv -> subcommand -> exit code.
 */
#include "engine/command/cli.h"

int main(int argc, char **argv)
{
	return tw_cli_main(argc, argv);
}
